package config

import (
	"errors"
	"strings"
	"testing"
)

// TestTLS: few words are enough for https without a web server in front, and each that
// contradicts another, or cannot be, is named with its line.
func TestTLS(t *testing.T) {
	t.Parallel()
	const public, loopback = "https://press.mfa.example", "http://127.0.0.1:8080"
	for name, c := range map[string]struct {
		base, tls string
		want      TLS
		wrong     string // the error, with its line and field
	}{
		"none":                       {public, "", TLS{}, ""},
		"nothing but an address":     {public, `{email: "webmaster@mfa.example", redirect: ":8081"}`, TLS{}, ""},
		"from Let's Encrypt":         {public, "{acme: letsencrypt}", TLS{ACME: LetsEncrypt, Redirect: ":80", HSTS: 180}, ""},
		"from another":               {public, `{acme: "https://ca.mfa.example/dir", email: "webmaster@mfa.example", hsts: 0}`, TLS{ACME: "https://ca.mfa.example/dir", Email: "webmaster@mfa.example", Redirect: ":80"}, ""},
		"from files":                 {public, `{certificate: chain.pem, key: /etc/key.pem, redirect: "10.0.0.5:80"}`, TLS{Certificate: "chain.pem", Key: "/etc/key.pem", Redirect: "10.0.0.5:80", HSTS: 180}, ""},
		"plain http is another's":    {public, `{acme: letsencrypt, redirect: "off", hsts: 365}`, TLS{ACME: LetsEncrypt}, ""},
		"both":                       {public, "{acme: letsencrypt, certificate: a, key: b}", TLS{}, "7: tls.acme: the certificate comes from an authority or from files"},
		"no key":                     {public, "{certificate: chain.pem}", TLS{}, "7: tls.certificate: a certificate alone"},
		"no certificate":             {public, "{key: key.pem}", TLS{}, "7: tls.key: a key alone"},
		"another word":               {public, "{acme: true}", TLS{}, `7: tls.acme: "true" is neither letsencrypt nor`},
		"plain http to an authority": {public, `{acme: "http://ca.mfa.example/dir"}`, TLS{}, "7: tls.acme: "},
		"no name":                    {"https://192.0.2.1", "{acme: letsencrypt}", TLS{}, "7: tls.acme: authorities certify names, and 192.0.2.1 is an address"},
		"loopback mode":              {loopback, "{acme: letsencrypt}", TLS{}, "7: tls.acme: the site at http://127.0.0.1:8080 is in loopback mode"},
		"loopback mode, files":       {loopback, "{certificate: a, key: b}", TLS{}, "7: tls.certificate: the site at"},
		"no address of mail":         {public, "{acme: letsencrypt, email: nobody}", TLS{}, `7: tls.email: "nobody" is not an address of mail`},
		"nowhere to listen":          {public, `{acme: letsencrypt, redirect: "80"}`, TLS{}, `7: tls.redirect: "80" is not a valid address to listen on`},
		"where the metrics are":      {public, `{acme: letsencrypt, redirect: "127.0.0.1:9464"}`, TLS{}, "7: tls.redirect: something else listens there"},
		"too many days":              {public, "{acme: letsencrypt, hsts: 10000}", TLS{}, "7: tls.hsts: 10000 is not a number of days"},
		"an unknown setting":         {public, "{acme: letsencrypt, ocsp: true}", TLS{}, "7: unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "base_url: " + c.base + "\ntimezone: UTC\nlanguages: [en]\nname: Ministry\nactor:\n  name: ministry\n"
			if c.tls != "" {
				text += "tls: " + c.tls + "\n"
			}
			got, err := Parse([]byte(text))
			if err == nil {
				err = errors.New("")
			}
			if !strings.HasPrefix(err.Error(), c.wrong) || c.wrong == "" && err.Error() != "" {
				t.Fatalf("the error is %q, not %q", err, c.wrong)
			}
			if c.wrong == "" && (got.TLS != c.want || got.TLS.On() != (c.want.ACME+c.want.Certificate != "")) {
				t.Errorf("read %+v, want %+v", got.TLS, c.want)
			}
		})
	}
}
