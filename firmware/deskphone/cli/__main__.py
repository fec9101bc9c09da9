"""`python -m deskphone.cli`, for who has no console script on the path (the phone starting its vault)."""

from deskphone.cli.main import main

main()
