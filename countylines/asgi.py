"""The application that gunicorn serves: the WSGI application, so that no client holds a thread."""

from countylines.buffered_application import BufferedApplication
from countylines.wsgi import application as wsgi_application

application = BufferedApplication(wsgi_application)
