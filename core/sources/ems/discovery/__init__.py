"""What a campus file needs of an EMS web app, found out as its guest."""
