from partners.models.codes import NetworkFunction
from partners.models.organisation import Organisation
from partners.models.service import Service, ServiceArea
from partners.models.verification import Verification

__all__ = ["NetworkFunction", "Organisation", "Service", "ServiceArea", "Verification"]
