package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"communique/cmd/internal/bench"
	"communique/federation/signature"
	"communique/federation/vocab"
)

// bareLoop is the most that this machine can do by Go's own RSA: signatures with POSTs,
// no queue, no database, nothing to remember, and nothing of ours in it: the text to
// sign is put together here, the digest of the body is made once. It runs in a process
// of its own, as every publisher does: what goes from one process to another costs more
// than what stays in one.
type bareLoop struct {
	Inboxes   []string `json:"inboxes"`
	Key       string   `json:"key"`                 // PEM
	Body      int      `json:"body"`                // bytes
	Authority string   `json:"authority,omitempty"` // file
	AtOnce    []int    `json:"at_once"`             // concurrencies to try
}

// bound is a rate, in POSTs a second, and the number at once that reached it.
type bound struct {
	Rate   float64 `json:"rate"`
	AtOnce int     `json:"at_once"`
	// Cost is what a POST took of the processors, in microseconds; 0 if that is not known.
	Cost float64 `json:"cost"`
}

const (
	// probe marks the requests of the bare loop, which every server answers at once.
	probe = "X-Fanout-Probe"
	// probes is how many POSTs each concurrency is measured by, at most.
	probes = 2000
	// loopArgument makes the program the bare loop, which reads itself from
	// standard input.
	loopArgument = "bare-loop"
)

// limit measures the bare loop in a process of its own and returns the best of
// the concurrencies.
func (f *fediverse) limit(ctx context.Context, atOnce ...int) (bound, error) {
	inboxes := f.live()
	loop := bareLoop{Inboxes: inboxes[:min(len(inboxes), probes)], Body: typicalBody, AtOnce: atOnce}
	var err error
	if loop.Key, err = signature.EncodePrivateKey(f.key.Private); err != nil {
		return bound{}, err
	}
	if f.certifier != nil {
		loop.Authority = f.authority
	}
	in, err := json.Marshal(loop)
	if err != nil {
		return bound{}, err
	}
	cmd, err := bench.Self(ctx, loopArgument)
	if err != nil {
		return bound{}, err
	}
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return bound{}, fmt.Errorf("measure the limit: %w", err)
	}
	var best bound
	return best, json.Unmarshal(out, &best)
}

// typicalBody is the size of a post of some lines.
const typicalBody = 1800

// runBareLoop is the process: a loop is read, the best bound is written.
func runBareLoop(ctx context.Context, in io.Reader, out io.Writer) error {
	var l bareLoop
	if err := json.NewDecoder(in).Decode(&l); err != nil {
		return err
	}
	private, err := signature.ParsePrivateKey(l.Key)
	if err != nil {
		return err
	}
	client, err := newClient(l.Authority)
	if err != nil {
		return err
	}
	key, ok := private.(*rsa.PrivateKey)
	if !ok {
		return fmt.Errorf("the key is a %T", private)
	}
	text := []byte(`{"type":"Create","content":"` + strings.Repeat("x", l.Body) + `"}`)
	digest := signature.Digest(text)
	var best bound
	for _, atOnce := range l.AtOnce {
		began, used := time.Now(), bench.ProcessorTime(os.Getpid())
		group, within := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for _, inbox := range l.Inboxes {
			group.Go(func() error {
				return barePost(within, client, inbox, text, digest, key)
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		if rate := float64(len(l.Inboxes)) / time.Since(began).Seconds(); rate > best.Rate {
			best = bound{rate, atOnce, perPost(bench.ProcessorTime(os.Getpid())-used, len(l.Inboxes))}
		}
		client.CloseIdleConnections() // as at first contact
	}
	return json.NewEncoder(out).Encode(best)
}

// perPost is the processor time of one of many POSTs, in microseconds.
func perPost(used time.Duration, posts int) float64 {
	return float64(used.Microseconds()) / float64(max(1, posts))
}

// barePost signs by draft-cavage with crypto/rsa alone, and posts.
func barePost(ctx context.Context, client *http.Client, inbox string, text []byte, digest string, key *rsa.PrivateKey) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, inbox, bytes.NewReader(text))
	if err != nil {
		return err
	}
	date := time.Now().UTC().Format(http.TimeFormat)
	sum := sha256.Sum256([]byte("(request-target): post " + r.URL.Path + "\nhost: " + r.URL.Host + "\ndate: " + date + "\ndigest: " + digest))
	made, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		return err
	}
	r.Header = http.Header{
		"Content-Type": {vocab.MediaType}, probe: {"limit"}, "Date": {date}, "Digest": {digest},
		"Signature": {`keyId="` + inbox + `#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="` + base64.StdEncoding.EncodeToString(made) + `"`},
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	return err
}

// newClient is an HTTP client that trusts an authority, or that of the system.
func newClient(authority string) (*http.Client, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: 2, MaxIdleConns: 500, DisableCompression: true}
	if authority != "" {
		text, err := os.ReadFile(authority)
		if err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(text)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS13}
	}
	return &http.Client{Timeout: answerWithin, Transport: transport}, nil
}

// post makes one signed POST, the way every publisher must.
func post(ctx context.Context, client *http.Client, inbox string, text []byte, key signature.Key, mark string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, inbox, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", vocab.MediaType)
	if mark != "" {
		r.Header.Set(probe, mark)
	}
	if err := signature.NewSigner(time.Now).SignPost(r, key, signature.Digest(text)); err != nil {
		return 0, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	return answer.StatusCode, err
}
