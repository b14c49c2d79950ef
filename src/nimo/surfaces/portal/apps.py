from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "nimo.surfaces.portal"
    label = "portal"
    verbose_name = "公開ポータル"
    default_auto_field = "django.db.models.BigAutoField"
