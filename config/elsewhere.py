"""Services elsewhere that an installation may use, and how they are reached; each is read where it was chosen."""

from config.env import env

S3 = {  # read where ARCHIVES names evidence.archive.s3.S3; the bucket has Object Lock
    "url": env.str("S3_URL", default=""),
    "bucket": env.str("S3_BUCKET", default=""),
    "region": env.str("S3_REGION", default=""),
    "key_id": env.str("S3_KEY_ID", default=""),
    "secret": env.str("S3_SECRET", default=""),
    "lock_mode": env.str("S3_LOCK_MODE", default="COMPLIANCE"),
    "lock_days": env.int("S3_LOCK_DAYS", default=365),
}
DEPOSIT = {  # read where ARCHIVES names evidence.archive.http.HttpDeposit
    "url": env.str("DEPOSIT_URL", default="").rstrip("/"),
    "token": env.str("DEPOSIT_TOKEN", default=""),
    "certificate": env.str("DEPOSIT_CERTIFICATE", default=""),
    "key": env.str("DEPOSIT_KEY", default=""),
    "ca": env.str("DEPOSIT_CA", default=""),
    "seconds": env.float("DEPOSIT_SECONDS", default=60),
    "connect_seconds": env.float("DEPOSIT_CONNECT_SECONDS", default=5),
}
CERTSIGN = {  # docs/gateway.md; read where SIGNING_GATEWAY is signing.gateway.certsign.CertSign
    "url": env.str("CERTSIGN_URL", default="").rstrip("/"),
    "name": env.str("CERTSIGN_NAME", default=""),
    "certificate": env.str("CERTSIGN_CERTIFICATE", default=""),
    "key": env.str("CERTSIGN_KEY", default=""),
    "ca": env.str("CERTSIGN_CA", default=""),
    "roots": env.str("CERTSIGN_ROOTS", default=""),
    "connect_seconds": env.float("CERTSIGN_CONNECT_SECONDS", default=5),
    "answer_seconds": env.float("CERTSIGN_ANSWER_SECONDS", default=15),
    "sign_seconds": env.float("CERTSIGN_SIGN_SECONDS", default=40),
    "answer_bytes": env.int("CERTSIGN_ANSWER_BYTES", default=100_000_000),
    "resend_seconds": env.float("CERTSIGN_RESEND_SECONDS", default=30),
}
SMS_SENDER = env.str("SMS_SENDER", default="Paraphe")  # where a client has none of its own
SMS_GATEWAY = {  # docs/messages.md; read where SMS_CARRIER is otp.delivery.kannel.KannelCarrier
    "url": env.str("SMS_GATEWAY_URL", default=""),
    "username": env.str("SMS_GATEWAY_USERNAME", default=""),
    "password": env.str("SMS_GATEWAY_PASSWORD", default=""),
    "sender": SMS_SENDER,
}
TWILIO = {  # docs/messages.md; read where SMS_CARRIER is otp.delivery.twilio.TwilioCarrier
    "url": env.str("TWILIO_URL", default="https://api.twilio.com").rstrip("/"),
    "account": env.str("TWILIO_ACCOUNT_SID", default=""),
    "token": env.str("TWILIO_AUTH_TOKEN", default=""),
    "sender": SMS_SENDER,
}
