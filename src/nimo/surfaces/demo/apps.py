from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "nimo.surfaces.demo"
    label = "demo"
    verbose_name = "デモ"
    default_auto_field = "django.db.models.BigAutoField"
