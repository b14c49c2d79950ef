from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "nimo.foundation.files"
    label = "files"
    verbose_name = "ファイル"
    default_auto_field = "django.db.models.BigAutoField"
