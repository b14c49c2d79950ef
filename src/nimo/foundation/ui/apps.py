from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "nimo.foundation.ui"
    label = "ui"
    verbose_name = "画面部品"
    default_auto_field = "django.db.models.BigAutoField"
