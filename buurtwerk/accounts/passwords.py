from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    def get_error_message(self):
        """Django's own sentence has no Dutch translation."""
        return f"Dit wachtwoord is te kort. Neem minstens {self.min_length} tekens."
