from hypothesis import HealthCheck, settings

# On a busy machine a slow example says nothing about our code.
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")
