from django.http import HttpResponse


def create(request, **kwargs):
    return HttpResponse("referrals.create")


def referral_list(request, **kwargs):
    return HttpResponse("referrals.referral_list")


def detail(request, **kwargs):
    return HttpResponse("referrals.detail")


def record_answer(request, **kwargs):
    return HttpResponse("referrals.record_answer")


def withdraw(request, **kwargs):
    return HttpResponse("referrals.withdraw")
