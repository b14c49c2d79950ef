import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nimo.config.settings")
application = get_wsgi_application()

from nimo.foundation.ui.charts.drawing import warm  # noqa: E402 - reads the settings, which stand only now

warm()  # the first chart takes half a second: the worker pays it, not its first visitor
