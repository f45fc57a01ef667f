from django.http import HttpResponse


def create(request, **kwargs):
    return HttpResponse("follow_ups.create")


def follow_up_list(request, **kwargs):
    return HttpResponse("follow_ups.follow_up_list")


def detail(request, **kwargs):
    return HttpResponse("follow_ups.detail")


def close(request, **kwargs):
    return HttpResponse("follow_ups.close")


def postpone(request, **kwargs):
    return HttpResponse("follow_ups.postpone")


def hand_over(request, **kwargs):
    return HttpResponse("follow_ups.hand_over")
