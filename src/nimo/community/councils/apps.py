from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "nimo.community.councils"
    label = "councils"
    verbose_name = "協議の場"
    default_auto_field = "django.db.models.BigAutoField"
