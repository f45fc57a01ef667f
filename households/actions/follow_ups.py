"""What happens with follow-ups, in one transaction each."""
