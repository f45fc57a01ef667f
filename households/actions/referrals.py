"""What happens with referrals, in one transaction each."""
