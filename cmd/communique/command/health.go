package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/cmd/internal/ops"
)

// healthWithin is how long the answer may take; a look at the database is in it.
const healthWithin = 5 * time.Second

func newHealthCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "health",
		Short: "Ask the server on this machine whether it is ready",
		Long: `Ask the server of this installation, where it answers monitoring (metrics.listen in
the configuration), whether its loops go round and its database answers. It ends with 0
if so. This is for containers and load balancers; communique status tells more.`,
		Example: `  communique health`,
		Args:    arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := config.Load(a.data, a.Env)
			if err != nil {
				return err
			}
			if c.Metrics == "" {
				return errors.New("metrics.listen is off in the configuration: the server answers no monitoring")
			}
			for _, path := range []string{"/healthz", "/readyz"} {
				if err := healthy(cmd.Context(), "http://"+c.Metrics+path, siteMark(c)); err != nil {
					return err
				}
			}
			if a.json {
				return a.object(map[string]any{"ready": true})
			}
			a.say("The server is ready.")
			return nil
		},
	}
}

// healthy asks at an address, and expects the server of the site with a mark to answer.
func healthy(ctx context.Context, address, site string) error {
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("metrics.listen: %w", err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1000))
	switch by := answer.Header.Get(ops.SiteHeader); by {
	case site:
	case "":
		return fmt.Errorf("another program answers at %s, or the server is of an earlier version: see metrics.listen, and restart communique serve", address)
	default:
		return fmt.Errorf("the server of another installation (%s) answers at %s: give each its own metrics.listen, and start communique serve on this one", plain(by), address)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", plain(strings.TrimSpace(string(said))))
	}
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	return nil
}
