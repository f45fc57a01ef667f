"""What families themselves add to their story: contacts, follow-ups, referrals."""
