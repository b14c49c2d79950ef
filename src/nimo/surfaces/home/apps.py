from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "nimo.surfaces.home"
    label = "home"
    verbose_name = "ホーム"
    default_auto_field = "django.db.models.BigAutoField"
