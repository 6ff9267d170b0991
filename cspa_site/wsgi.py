import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cspa_site.settings")
os.environ.setdefault("WEB_PROCESS", "1")  # short database timeouts: settings.py

application = get_wsgi_application()
