// Package links tries whether the links of a text lead somewhere. It connects where the rules of
// the server allow and nowhere else ([outbound.Rules]), also where it is led on to: who writes a
// text must not have the server ask what only the server can reach.
package links

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"communique/storage/delivery/outbound"
)

const (
	atOnce   = 4                // links that are tried at the same time
	allFor   = 20 * time.Second // all links
	oneFor   = 8 * time.Second
	mayLead  = 3 // how often a link may lead on
	textsFor = 2 // texts whose links are tried at the same time
)

// Rules say where the server may connect to.
type Rules = outbound.Rules

// Trier tries links.
type Trier struct {
	rules     Rules
	userAgent string
	texts     chan struct{} // has a place for each text
}

// NewTrier makes what connects by the rules, and says that it is userAgent.
func NewTrier(rules Rules, userAgent string) *Trier {
	return &Trier{rules, userAgent, make(chan struct{}, textsFor)}
}

// Outcome is what came of trying a link, in a sentence.
type Outcome struct {
	Says  string
	Wrong bool
}

// Try tries the links of a text. An error is that of the context.
func (t *Trier) Try(ctx context.Context, addresses []string) ([]Outcome, error) {
	select {
	case t.texts <- struct{}{}:
		defer func() { <-t.texts }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to try links: %w", ctx.Err())
	}
	trying, cancel := context.WithTimeout(ctx, allFor)
	defer cancel()
	client := t.client()
	defer client.CloseIdleConnections()
	outcomes := make([]Outcome, len(addresses))
	var all sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for i, address := range addresses {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			outcomes[i] = t.one(trying, client, address)
		})
	}
	all.Wait()
	return outcomes, ctx.Err()
}

// client connects where the rules allow, also where it is led on to.
func (t *Trier) client() *http.Client {
	return &http.Client{
		Transport: t.rules.Transport(outbound.TransportOptions{}), Timeout: oneFor,
		CheckRedirect: func(r *http.Request, before []*http.Request) error {
			if len(before) > mayLead {
				return errLeadsOn
			}
			r.Header.Del("Referer")
			_, err := t.rules.Check(withoutFragment(r.URL.String()))
			return err
		},
	}
}

// errLeadsOn is that a link leads on and on.
var errLeadsOn = errors.New("it leads on too often")

// one asks for what a link leads to.
func (t *Trier) one(ctx context.Context, client *http.Client, address string) Outcome {
	u, err := t.rules.Check(withoutFragment(address))
	if err != nil {
		return Outcome{"It is not asked: " + fault(err) + ".", true}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Outcome{"It is not asked: " + fault(err) + ".", true}
	}
	r.Header.Set("User-Agent", t.userAgent)
	got, err := client.Do(r)
	if err != nil {
		return Outcome{"It does not answer: " + fault(err) + ".", true}
	}
	defer got.Body.Close() // nobody reads what is there
	at := got.Request.URL.String()
	switch {
	case got.StatusCode == http.StatusNotFound || got.StatusCode == http.StatusGone:
		return Outcome{fmt.Sprintf("Nothing is there (%d).", got.StatusCode), true}
	case got.StatusCode >= http.StatusBadRequest:
		return Outcome{fmt.Sprintf("It answers %d, which may be meant for programs alone: look yourself.", got.StatusCode), true}
	case at != u.String():
		return Outcome{Says: "It answers, and leads on to " + at}
	}
	return Outcome{Says: "It answers."}
}

// fault is why a link was not followed, without its address.
func fault(err error) string {
	err = outbound.Fault(err)
	switch {
	case errors.Is(err, outbound.ErrForbidden):
		return "this server connects to public addresses by https alone"
	case errors.Is(err, context.DeadlineExceeded):
		return "it takes too long"
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok { // which says whom this server asks for names
		return "its name leads nowhere"
	}
	return err.Error()
}

func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}
