package command

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"communique/federation/signature"
)

// signer is what makes RSA signatures, as the configuration says.
func (in *installation) signer(log *slog.Logger) (signature.RSA, error) {
	by, err := signature.ChooseRSA(in.config.Signer, func(err error) {
		if log != nil {
			log.Warn("a signature that OpenSSL failed to make is made by Go, and so are others from now on that it fails to make", "error", err)
		}
	})
	switch {
	case by == nil:
		return nil, fmt.Errorf("%w; install OpenSSL 3 (libcrypto.so.3), or set signer in %s to auto", err, in.configFile())
	case err != nil && log != nil:
		log.Debug("signatures are made by Go", "reason", err)
	}
	return by, nil
}

// measuredFor is how long the rate of a signer is measured.
const measuredFor = 100 * time.Millisecond

// signerRate says which signer runs, how fast it is, and how fast Go's is.
func (in *installation) signerRate() (string, error) {
	by, why := signature.ChooseRSA(in.config.Signer, func(error) {})
	if by == nil {
		return "", why
	}
	rate, err := signature.RateOf(by, measuredFor)
	if err != nil {
		return "", err
	}
	said := fmt.Sprintf("%s, %.0f RSA signatures a second on one processor", by, rate)
	switch {
	case errors.Is(why, signature.ErrNoOpenSSL):
		said += fmt.Sprintf("; %v", why)
	case by != signature.GoRSA:
		if rate, err = signature.RateOf(signature.GoRSA, measuredFor); err != nil {
			return "", err
		}
		said += fmt.Sprintf(" (Go %.0f)", rate)
	}
	return said, nil
}
