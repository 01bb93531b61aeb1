package e2etest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Arrival is a request to one of the peer's inboxes.
type Arrival struct {
	At     time.Time
	Path   string
	Header http.Header
	Host   string
	Body   []byte
	Fields map[string]any
}

// Kind is the type of the activity.
func (a Arrival) Kind() string { return fmt.Sprint(a.Fields["type"]) }

// Verified checks the signature of a delivery with the published key, by hand.
func (a Arrival) Verified(publicPEM string) error {
	key, err := readPublicKey(publicPEM)
	if err != nil {
		return err
	}
	parameters := a.Parameters()
	var lines []string
	for name := range strings.FieldsSeq(parameters["headers"]) {
		value := a.Header.Get(name)
		switch name {
		case "(request-target)":
			value = "post " + a.Path
		case "host":
			value = a.Host
		}
		lines = append(lines, name+": "+value)
	}
	made, err := base64.StdEncoding.DecodeString(parameters["signature"])
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], made)
}

func readPublicKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("no PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the key is a %T", parsed)
	}
	return key, nil
}

// Parameters returns the parameters of the Signature header.
func (a Arrival) Parameters() map[string]string {
	parameters := map[string]string{}
	for part := range strings.SplitSeq(a.Header.Get("Signature"), `",`) {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parameters[name] = strings.Trim(value, `"`)
	}
	return parameters
}

// Kinds are the types of activities, in order.
func Kinds(arrivals []Arrival) []string {
	var all []string
	for _, a := range arrivals {
		all = append(all, a.Kind())
	}
	return all
}

// ByMessage refuses what is not signed by RFC 9421.
func ByMessage(a Arrival) int {
	if a.Header.Get("Signature-Input") == "" {
		return http.StatusUnauthorized
	}
	return 0
}

// MessageVerified checks, by hand, that a delivery is signed by RFC 9421 as
// Mastodon wants it.
func (a Arrival) MessageVerified(publicPEM string) error {
	const covered, further = `("@method" "@target-uri" "content-digest" "content-type"`, ` "collection-synchronization"`
	parameters, ok := strings.CutPrefix(a.Header.Get("Signature-Input"), "sig1=")
	synchronization, synchronized := a.Header["Collection-Synchronization"]
	list := covered
	if synchronized {
		list += further
	}
	if !ok || !strings.HasPrefix(parameters, list+");created=") {
		return fmt.Errorf("Signature-Input is %q", a.Header.Get("Signature-Input"))
	}
	digest := ContentDigestOf(a.Body)
	if got := a.Header.Get("Content-Digest"); got != digest {
		return fmt.Errorf("Content-Digest is %q, want %q", got, digest)
	}
	made, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(a.Header.Get("Signature"), "sig1=:"), ":"))
	if err != nil {
		return err
	}
	key, err := readPublicKey(publicPEM)
	if err != nil {
		return err
	}
	base := fmt.Sprintf("\"@method\": POST\n\"@target-uri\": http://%s%s\n\"content-digest\": %s\n\"content-type\": %s\n",
		a.Host, a.Path, digest, a.Header.Get("Content-Type"))
	if synchronized {
		base += fmt.Sprintf("\"collection-synchronization\": %s\n", synchronization[0])
	}
	base += fmt.Sprintf("\"@signature-params\": %s", parameters)
	sum := sha256.Sum256([]byte(base))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], made)
}
