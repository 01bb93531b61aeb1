package command

import (
	"context"
	"os/exec"
	"runtime"
)

// browse opens a file in a browser, if there is a screen to see it on.
func (a *app) browse(ctx context.Context, file string) bool {
	opener := "xdg-open"
	switch {
	case runtime.GOOS == "darwin" && a.Env("SSH_CONNECTION") == "":
		opener = "open"
	case a.Env("DISPLAY") == "" && a.Env("WAYLAND_DISPLAY") == "":
		return false
	}
	return exec.CommandContext(ctx, opener, file).Run() == nil
}
