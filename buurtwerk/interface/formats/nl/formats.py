# Flanders writes 14.05 uur; Django's Dutch would write 14:05.
DATE_FORMAT = "l j F Y"
SHORT_DATE_FORMAT = "j/n/Y"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = "l j F Y, H.i"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
