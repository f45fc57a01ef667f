from django.http import HttpResponse


def create(request, **kwargs):
    return HttpResponse("members.create")


def edit(request, **kwargs):
    return HttpResponse("members.edit")
