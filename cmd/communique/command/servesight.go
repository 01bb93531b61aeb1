package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/sight"
	"communique/cmd/internal/web"
	"communique/feeds"
	"communique/storage/delivery/outbound"
	"communique/storage/press"
)

// looker makes what looks at the site as its readers do, and compares what they see with what
// is rendered here.
func (in *installation) looker(ctx context.Context, readers *feeds.Server, log *slog.Logger) (*sight.Looker, error) {
	u, err := url.Parse(in.site.Base)
	if err != nil {
		return nil, err
	}
	rules := outbound.NewRules(in.config.Loopback())
	rules.Private, rules.Held = in.config.PrivateNetworks, in.config.Paused
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		rules.Port = uint16(port)
	}
	room := in.desk("")
	room.Log = log
	return sight.New(ctx, sight.Options{
		Store: in.store, Room: room, Here: rendered(readers), Rules: rules, Log: log,
		UserAgent: userAgent(in.site.Base),
	})
}

// userAgent is what this program says that it is, where it asks.
func userAgent(base string) string { return fmt.Sprintf("communique/%s (+%s/)", version(), base) }

// rendered is what readers are answered, and the status alone of what is an error.
func rendered(readers *feeds.Server) func(*http.Request) (status int, tag string, body []byte) {
	router := chi.NewRouter()
	readers.Routes(router, func(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				w.WriteHeader(statusOf(err))
			}
		}
	})
	return func(r *http.Request) (status int, tag string, body []byte) {
		got := web.Ask(router, r)
		return got.Status, got.Header().Get("ETag"), got.Body.Bytes()
	}
}

func statusOf(err error) int {
	var withdrawn *press.WithdrawnError
	var moved *press.MovedError
	switch {
	case errors.As(err, &withdrawn), errors.Is(err, press.ErrGone):
		return http.StatusGone
	case errors.As(err, &moved):
		return http.StatusMovedPermanently
	case errors.Is(err, press.ErrNotFound):
		return http.StatusNotFound
	}
	return http.StatusInternalServerError
}
