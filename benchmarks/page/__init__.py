"""The signer's page on a phone: how soon it is there, what it takes, what Lighthouse says of it (`make bench-page`)."""
