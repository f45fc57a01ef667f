from django.http import HttpResponse


def note(request, **kwargs):
    return HttpResponse("contacts.note")


def search(request, **kwargs):
    return HttpResponse("contacts.search")


def detail(request, **kwargs):
    return HttpResponse("contacts.detail")
