package desk

import (
	"bytes"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// One-time passwords are as all apps make them (RFC 6238 §4): six figures by SHA-1, anew
// every thirty seconds. A clock may be one step off (§5.2).
const (
	stepLength = 30 // seconds
	stepsOff   = 1
)

var oneTime = totp.ValidateOpts{Period: stepLength, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// stepOf finds the step of a one-time password that somebody has typed.
func stepOf(secret, typed string, now time.Time) (step int64, fits bool) {
	typed = strings.Join(strings.Fields(typed), "")
	here := now.Unix() / stepLength
	for s := here - stepsOff; s <= here+stepsOff; s++ {
		code, err := totp.GenerateCodeCustom(secret, time.Unix(s*stepLength, 0), oneTime)
		if err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(typed)) == 1 {
			step, fits = s, true
		}
	}
	return step, fits
}

// offer is a secret for one-time passwords that somebody may set up, as they see it.
type offer struct {
	Key   string       // in groups of four
	Image template.URL // a PNG of the QR code
}

// newSecret makes a secret for somebody's one-time passwords.
func newSecret(ministry, login string) (string, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: ministry, AccountName: login})
	if err != nil {
		return "", fmt.Errorf("make a second factor: %w", err)
	}
	return key.Secret(), nil
}

// qrSize is the width of the QR code, in pixels.
const qrSize = 240

// offerOf shows a secret.
func offerOf(ministry, login, secret string) (o offer, err error) {
	raw, err := base32Of(secret)
	if err != nil {
		return o, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: ministry, AccountName: login, Secret: raw})
	if err != nil {
		return o, fmt.Errorf("show a second factor: %w", err)
	}
	image, err := key.Image(qrSize, qrSize)
	if err != nil {
		return o, fmt.Errorf("draw a second factor: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image); err != nil {
		return o, fmt.Errorf("draw a second factor: %w", err)
	}
	o.Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
	o.Key = inGroups(secret)
	return o, nil
}

// inGroups is a key as people type it.
func inGroups(key string) string {
	var groups []string
	for len(key) > 4 {
		groups, key = append(groups, key[:4]), key[4:]
	}
	return strings.Join(append(groups, key), " ")
}

func base32Of(secret string) ([]byte, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return nil, fmt.Errorf("read a second factor: %w", err)
	}
	return raw, nil
}
