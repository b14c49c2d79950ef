from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "nimo.foundation.regions"
    label = "regions"
    verbose_name = "地域"
    default_auto_field = "django.db.models.BigAutoField"
