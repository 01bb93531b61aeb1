package federation

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"communique/storage/audience"
)

// TestFollowersAtGathers: on a server that is slow, few questions wait for one look together,
// and as many as are enough for one do not wait.
func TestFollowersAtGathers(t *testing.T) {
	for _, c := range []struct {
		asked int
		waits time.Duration
		looks int
	}{
		{1, gatheringSlow, 1},
		{gathered - 1, gatheringSlow, 1},
		{gathered, 0, 1},
		{2*gathered + 1, gathering, 3}, // these looks took no time
	} {
		t.Run(fmt.Sprint(c.asked), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				looks := 0
				f := &followersAt{took: time.Second, last: time.Now(), read: func(_ context.Context, hosts bySource[[]string]) (bySource[map[string]audience.HostFollowers], error) {
					looks++
					at := map[string]audience.HostFollowers{}
					for _, host := range hosts["actor"] {
						at[host] = audience.HostFollowers{Digest: host}
					}
					return bySource[map[string]audience.HostFollowers]{"actor": at}, nil
				}}
				began := time.Now()
				var all sync.WaitGroup
				for n := range c.asked {
					all.Go(func() {
						host := fmt.Sprint(n)
						if at, err := f.ask(t.Context(), "actor", host); err != nil || at.Digest != host {
							t.Errorf("%s is answered %+v, %v", host, at, err)
						}
					})
					synctest.Wait()
				}
				all.Wait()
				if waited := time.Since(began); waited != c.waits || looks != c.looks {
					t.Errorf("%d looks after %s, not %d after %s", looks, waited, c.looks, c.waits)
				}
			})
		})
	}
}
