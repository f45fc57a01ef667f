from django.http import HttpResponse


def family_list(request, **kwargs):
    return HttpResponse("families.family_list")


def create(request, **kwargs):
    return HttpResponse("families.create")


def detail(request, **kwargs):
    return HttpResponse("families.detail")


def edit(request, **kwargs):
    return HttpResponse("families.edit")


def agreement(request, **kwargs):
    return HttpResponse("families.agreement")
