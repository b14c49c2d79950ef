from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "nimo.foundation.access"
    label = "access"
    verbose_name = "役割と権限"
    default_auto_field = "django.db.models.BigAutoField"
