package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// World is what a command sees of the world around it.
type World struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Env looks a variable of the environment up; "" if it is not set.
	Env func(name string) string
	// Clock is what articles are dated by and embargoes end by.
	Clock storage.Clock
	// Reload begins to tell the server to read its log's level anew, until end is called;
	// nil never tells.
	Reload func() (signals <-chan os.Signal, end func())
	// Replace begins to tell the server that the program is to be started again, as Again
	// starts it, and to take its place, until end is called; nil never tells.
	Replace func() (signals <-chan os.Signal, end func())
	Again   func() *exec.Cmd
	// LibraryLog leads what the standard library logs to the server's log; nil leaves it.
	LibraryLog func(io.Writer)
}

// app is what the commands share: the world and the flags that every command
// takes.
type app struct {
	World
	data string
	json bool
	// uncopied is set if a database is brought up to date without a copy of it before.
	uncopied bool
	// unwritten tells whether a command that was to write in the database has not; nil for all
	// others.
	unwritten func() bool
}

// usageError is a command line that cannot be understood; it exits with 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// commandError is a failure with the command that it happened in.
type commandError struct {
	command   string
	unwritten bool // what it was to write, and nothing else
	err       error
}

func (e *commandError) Error() string { return e.command + ": " + e.err.Error() }
func (e *commandError) Unwrap() error { return e.err }

// Run runs one command, args without the program's own name, in the world that
// it is given, until it is done or ctx ends. [ExitStatus] tells what its error
// means to who called the program.
func Run(ctx context.Context, args []string, w World) error {
	a := &app{World: w}
	root := newRootCommand(a)
	root.SetArgs(args)
	root.SetOut(w.Stdout)
	root.SetErr(w.Stderr)
	command, err := root.ExecuteContextC(ctx)
	if err == nil {
		return nil
	}
	if strings.HasPrefix(err.Error(), "unknown command") {
		err = usagef("%s; communique --help lists the commands", firstLine(err.Error()))
	}
	return &commandError{command: command.CommandPath(), unwritten: a.unwritten != nil && a.unwritten(), err: err}
}

// ExitStatus prints an error on one line and returns the exit status: 0, 1 for
// a failure, 2 for a command line that cannot be understood, and for a check or a status
// that found one or could not be made.
func ExitStatus(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, oneLine(err))
	var usage usageError
	var found *foundError
	var incomplete incompleteCheckError
	if errors.As(err, &usage) || errors.As(err, &found) && found.fails > 0 || errors.As(err, &incomplete) {
		return 2
	}
	return 1
}

var (
	noArticle = lazyregexp.New(`(?:there is no article [a-z2-7]{16}|is neither an article id nor an address of one|is not the address of an article)$`)
	noSection = lazyregexp.New(`there is no section "[^"]*"; the nearest is "[^"]*"$`)
)

// oneLine says an error in one line, with what to do where that is known.
func oneLine(err error) string {
	text := inOneLine(err)
	stands := ""
	if c, is := errors.AsType[*commandError](err); is && c.unwritten {
		stands = "nothing was written: "
	}
	switch {
	case errors.Is(err, press.ErrFull):
		text += "; " + stands + "make room and try again"
	case errors.Is(err, press.ErrUnsure):
		text += "; look whether it stands before you do it again"
	case errors.Is(err, press.ErrAway):
		text += "; " + stands + "try again when its server answers"
	case errors.Is(err, press.ErrBusy):
		text += "; another program holds it: try again in a few seconds"
	case noArticle.MatchString(text):
		text += "; communique list shows those that are there"
	case noSection.MatchString(text):
		text += "; communique section list shows those that are there"
	}
	return text
}

func inOneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "communique",
		Short: "The syndication server of a press site",
		Long: `communique files the articles of a press site in a tree of sections and sends
them out: as feeds, as web pages, and to followers in the fediverse.

To see it at work, run communique demo. To set up a site, begin with init.`,
		Example: `  communique demo
  communique init --data /srv/press --base-url https://press.mfa.example \
      --actor ministry --name "Ministry of Foreign Affairs" --timezone Europe/Lisbon --language en
  communique serve --data /srv/press`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().StringVar(&a.data, "data", defaultData(a.Env), "folder of the installation (or "+config.DataVariable+")")
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print an object, or a line for each, on standard output")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; %s --help tells the flags", err, cmd.CommandPath())
	})
	root.AddCommand(
		newInitCommand(a), newServeCommand(a), newSectionCommand(a), newPreviewCommand(a), newPublishCommand(a), newCorrectCommand(a), newEditCommand(a),
		newWithdrawCommand(a), newReleaseCommand(a), newPinCommand(a), newUnpinCommand(a), newListCommand(a), newShowCommand(a), newImportCommand(a), newReachCommand(a), newReportCommand(a),
		newDestinationsCommand(a), newSubscribersCommand(a), newAliasCommand(a), newMoveCommand(a), newKeysCommand(a), newClockCommand(a), newAuditCommand(a), newPeopleCommand(a),
		newRepliesCommand(a), newFlagsCommand(a), newFollowersCommand(a), newCollectionsCommand(a), newBlockCommand(a), newCheckCommand(a), newStatusCommand(a), newHealthCommand(a), newCertificateCommand(a), newConfigCommand(a), newBackupCommand(a), newRestoreCommand(a), newCopyCommand(a), newUpgradeCommand(a), newDemoCommand(a), newVersionCommand(a),
	)
	helpGroups(root)
	return root
}

// helpGroups has commands that only hold others print their help, and refuse a
// word that is none of these: by itself cobra would print the help for it, too, and
// tell a script that all went well.
func helpGroups(root *cobra.Command) {
	for _, c := range root.Commands() {
		if c.HasSubCommands() && !c.Runnable() {
			c.Args = arguments()
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}

func defaultData(env func(string) string) string {
	if data := env(config.DataVariable); data != "" {
		return data
	}
	return "."
}

// arguments demands a number of arguments, as a usage error.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		several := len(names) > 0 && strings.HasSuffix(names[len(names)-1], "...")
		if len(args) == len(names) || several && len(args) > len(names) {
			return nil
		}
		if len(names) == 0 {
			return usagef("%q is not expected; %s takes no argument", args[0], cmd.CommandPath())
		}
		return usagef("expected %s; as in: %s", strings.Join(names, " "), cmd.UseLine())
	}
}
