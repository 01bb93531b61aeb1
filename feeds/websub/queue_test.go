package websub

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/delivery/outbound"
)

// SECURITY A46: however many hosts a domain has, four are asked at once, and each has
// its turn.
func TestA46HostsOfADomainTakeTurns(t *testing.T) {
	t.Parallel()
	q := newQueue()
	for round := range 2 {
		for n := range 300 {
			q.add(waiting{id: fmt.Sprint(round, n), host: fmt.Sprintf("s%d.evil.example", n), domain: "evil.example"})
		}
	}
	q.add(waiting{id: "honest", host: "reader.example", domain: "reader.example"})
	var asked []string
	for len(q.ready) > 0 {
		asked = append(asked, <-q.ready)
	}
	if len(asked) != maxOfDomain+1 || asked[maxOfDomain] != "reader.example" {
		t.Fatalf("asked at once: %v", asked)
	}
	turns := map[string]int{}
	for len(asked) > 0 {
		turns[asked[0]]++
		q.done(asked[0])
		asked = asked[1:]
		for len(q.ready) > 0 {
			asked = append(asked, <-q.ready)
		}
	}
	if len(turns) != 301 || turns["s299.evil.example"] != 2 || turns["reader.example"] != 1 {
		t.Errorf("%d had their turn: %v", len(turns), turns)
	}
	if len(q.known)+len(q.lines)+len(q.running)+len(q.turns) != 0 {
		t.Errorf("left: %v, %v, %v, %v", q.known, q.lines, q.running, q.turns)
	}
}

// SECURITY A46: callbacks that are silent delay nobody.
func TestA46SilentCallbacksDelayNobody(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	const hosts = 400
	hold := make(chan struct{})
	for range hosts {
		silent := callback(t, func(http.ResponseWriter, *http.Request) { <-hold })
		n.ask("hub.callback", silent)
	}
	if status := n.ask("hub.callback", callback(t, confirm)); status != 202 {
		t.Fatalf("an honest one: %d", status)
	}
	// Until it is subscribed, or half of the silent ones have been given up: on a slow machine
	// the first of them are while others are still asking.
	for waiting := n.waiting(); len(n.subscribers()) == 0 && n.waiting() > waiting/2; {
		time.Sleep(time.Millisecond)
	}
	if len(n.subscribers()) != 1 {
		t.Error("an honest subscriber waits for silent ones")
	}
	close(hold)
	n.quiet()
}

// SECURITY A46: what does not confirm counts against the registrable domain, and a
// host by its one spelling.
func TestA46DomainsAndSpellings(t *testing.T) {
	t.Parallel()
	n := newHub(t, func(o *Options) { o.Rules = outbound.NewRules(false) })
	err := n.Store.Update(t.Context(), func(tx *storage.Tx) (err error) {
		for i := range unconfirmedOfDomain {
			err = errors.Join(err, tx.NoteUnconfirmed(fmt.Sprintf("https://s%d.evil.example/", i), "evil.example", remembered(tx.Now())))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]int{
		"https://new.evil.example/": 429, "https://evil.example:443/": 400, "https://EVIL.example/": 400, "HTTPS://evil.example/": 400, "https://evil.example.?x": 400,
		"https://press.example/": 400, "https://PRESS.example:443/": 400, "https://press.example:0443/": 400, "https://press.example./": 400,
		"https://[2620:00fe::fe]/": 400, "https://reader.example:00443/": 400,
	} {
		if status := n.ask("hub.callback", address); status != want {
			t.Errorf("%s: %d, want %d", address, status, want)
		}
	}
	here := newHub(t, func(o *Options) { o.Address = "http://127.0.0.1:8001/websub" })
	for _, host := range []string{"127.0.0.1", "localhost", "127.0.0.2", "[::1]", "LOCALHOST"} {
		if status := here.ask("hub.callback", "http://"+host+":8001/"); status != 400 {
			t.Errorf("%s: %d", host, status)
		}
	}
}
