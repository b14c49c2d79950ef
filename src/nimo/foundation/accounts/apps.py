from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "nimo.foundation.accounts"
    label = "accounts"
    verbose_name = "利用者と組織"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What changes hands is known in every process: on screen and in the nightly command (rules.hands_over)."""
        autodiscover_modules("services.hand_over")
