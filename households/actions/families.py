"""What happens with families, in one transaction each."""
