package https

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3"
	"github.com/mholt/acmez/v3/acme"

	"communique/storage/delivery/outbound"
)

const (
	// issuedWithin is how long an authority may take to look whether the host is ours.
	issuedWithin = 2 * time.Minute
	// lookupWithin bounds how long a name may take.
	lookupWithin = 10 * time.Second
	// never is when the library looks after certificates by itself.
	never = 1000 * 24 * time.Hour
)

// errHeld is why an authority is not asked.
var errHeld = errors.New("there is no certificate yet, and nothing is sent to anybody (paused, or --hold-deliveries)")

// authority is the source of a certificate from an authority.
type authority struct {
	host   string
	held   bool // it is asked nothing
	cache  *certmagic.Cache
	config *certmagic.Config
	issuer *certmagic.ACMEIssuer
}

func newAuthority(o Options) *authority {
	a := &authority{host: o.Host, held: o.Rules.Held}
	log := libraryLog(o.Log)
	a.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert:   func(certmagic.Certificate) (*certmagic.Config, error) { return a.config, nil },
		RenewCheckInterval: never, OCSPCheckInterval: never, Logger: log,
	})
	a.config = certmagic.New(a.cache, certmagic.Config{
		Storage: newVault(o.Store, o.Passphrase), DefaultServerName: o.Host, Logger: log,
		// It would write random bytes each time.
		DisableStorageCheck: true,
		// Whether a certificate was revoked is told by the authority when it is asked about
		// its renewal (RFC 9773).
		OCSP: certmagic.OCSPConfig{DisableStapling: true},
	})
	a.issuer = certmagic.NewACMEIssuer(a.config, certmagic.ACMEIssuer{
		CA: o.Directory, Agreed: true, TrustedRoots: o.Roots, Logger: log, CertObtainTimeout: issuedWithin,
		Email: cmp.Or(o.Email, " "), // the library asks standard input for one that is empty
		// Whoever listens where the authority asks has the proof, for all share them; so the
		// library need not listen by itself. It looks whether somebody does.
		ListenHost: o.ListenHost, DisableHTTPChallenge: o.HTTPPort == 0, AltHTTPPort: o.HTTPPort, AltTLSALPNPort: o.TLSPort,
		HTTPProxy: within(o.Directory, o.Rules), ExternalAccount: o.External.binding(),
	})
	a.config.Issuers = []certmagic.Issuer{a.issuer}
	return a
}

// next implements source.
func (a *authority) next(ctx context.Context) (*tls.Certificate, error) {
	if a.held {
		c, err := a.stored(ctx)
		if errors.Is(err, fs.ErrNotExist) {
			err = errHeld
		}
		return c, err
	}
	a.forget()
	failed := a.config.ManageSync(ctx, []string{a.host})
	c, err := a.stored(ctx)
	if failed != nil && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		err = reasonOf(failed)
	}
	return c, err
}

// stored is the certificate that is in the database, whoever got it.
func (a *authority) stored(ctx context.Context) (*tls.Certificate, error) {
	a.forget()
	c, err := a.config.CacheManagedCertificate(ctx, a.host)
	if err != nil {
		return nil, err
	}
	return &c.Certificate, nil
}

// forget has the library read the certificate anew.
func (a *authority) forget() { a.cache.RemoveManaged([]certmagic.SubjectIssuer{{Subject: a.host}}) }

// close ends what the library runs.
func (a *authority) close() { a.cache.Stop() }

// proof is the certificate by which we prove to an authority that the host is ours
// (RFC 8737); nil if that is not what a client asks for.
func (a *authority) proof(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if len(hello.SupportedProtos) != 1 || hello.SupportedProtos[0] != acmez.ACMETLS1Protocol || !strings.EqualFold(hello.ServerName, a.host) {
		return nil, nil
	}
	return a.config.GetCertificate(hello)
}

// proves answers an authority that asks for the proof over http (RFC 8555 §8.3), and tells
// whether it was one.
func (a *authority) proves(w http.ResponseWriter, r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.EqualFold(host, a.host) && a.issuer.HandleHTTPChallenge(w, r)
}

// within is a proxy for no request, which refuses those that the rules do not allow: an
// operator has named the address of the directory, wherever it is, and that one names the
// others.
func within(directory string, rules outbound.Rules) func(*http.Request) (*url.URL, error) {
	named, err := url.Parse(directory)
	return func(r *http.Request) (*url.URL, error) {
		if err != nil {
			return nil, err
		}
		if r.URL.Scheme == "https" && strings.EqualFold(r.URL.Host, named.Host) {
			return nil, nil
		}
		if _, err := rules.Check(r.URL.String()); err != nil {
			return nil, err
		}
		return nil, leadsOutside(r.Context(), r.URL.Hostname(), rules)
	}
}

// leadsOutside looks where a name leads.
func leadsOutside(ctx context.Context, host string, rules outbound.Rules) error {
	ctx, cancel := context.WithTimeout(ctx, lookupWithin)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		own := slices.ContainsFunc(rules.Private, func(n netip.Prefix) bool { return n.Contains(a.Unmap()) })
		if why := outbound.NotPublic(a); why != "" && !own {
			return fmt.Errorf("%w: %s leads to %s", outbound.ErrForbidden, host, why)
		}
	}
	return nil
}

// reason is why an authority gave no certificate.
type reason struct {
	text string
	// busy is set if it was asked too often.
	busy bool
}

func (r *reason) Error() string { return r.text }

// reasonOf finds what the authority said in all that the library says of it.
func reasonOf(err error) error {
	problem, ok := errors.AsType[acme.Problem](err)
	if !ok {
		return err
	}
	if problem.Type == acme.ProblemTypeExternalAccountRequired {
		problem.Detail += "; name the account that you have with it as tls.eab_key_id and tls.eab_key_file"
	}
	text := []string{problem.Detail}
	for _, p := range problem.Subproblems {
		text = append(text, p.Detail)
	}
	return &reason{
		text: fmt.Sprintf("the authority says: %s (%s)", strings.Join(strings.Fields(strings.Join(text, "; ")), " "), strings.TrimPrefix(problem.Type, acme.ProblemTypeNamespace)),
		busy: problem.Status == http.StatusTooManyRequests || problem.Type == acme.ProblemTypeRateLimited,
	}
}

// leafOf reads the certificate at the head of a chain.
func leafOf(chain []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(chain)
	if block == nil {
		return nil, errors.New("the stored certificate is not PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

// certificateFile is the name under which the library stores the certificate of a host.
func certificateFile(directory, host string) string {
	issuer := certmagic.ACMEIssuer{CA: directory}
	return certmagic.StorageKeys.SiteCert(issuer.IssuerKey(), host)
}
