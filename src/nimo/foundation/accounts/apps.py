from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "nimo.foundation.accounts"
    label = "accounts"
    verbose_name = "利用者と組織"
    default_auto_field = "django.db.models.BigAutoField"
