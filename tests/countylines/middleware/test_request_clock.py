import time
from datetime import UTC, timedelta

from django.http import HttpResponse

from countylines.middleware.request_clock import RequestClockMiddleware


def test_a_request_has_one_time_however_long_it_takes(rf):
    times = []

    def slow_view(request):
        times.append(request.now)
        time.sleep(0.01)
        times.append(request.now)
        return HttpResponse()

    RequestClockMiddleware(slow_view)(rf.get("/"))
    assert times[0] == times[1]
    assert times[0].utcoffset() == timedelta(0)
    assert times[0].tzinfo is UTC
