"""What happens with contacts, in one transaction each."""
