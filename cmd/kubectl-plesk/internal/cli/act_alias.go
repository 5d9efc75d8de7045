// kubectl plesk act admin-alias: further accounts of the administrator.

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

func newActAdminAlias(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "admin-alias",
		Short: "Add, change or remove additional administrators of a server",
		Long: `Add, change or remove additional administrators of a server, who may do what its administrator may. No operation of the protocol lists them, so
nothing here does: the panel shows them. A login that a server does not know is refused by it.`,
		Example: "  kubectl plesk act admin-alias add server/web-01 --login deputy --password-file deputy.txt",
	}
	cmd.AddCommand(newAdminAliasAdd(e), newAdminAliasSet(e), newAdminAliasDel(e))
	return cmd
}

// aliasFlags are what is said of an additional administrator.
type aliasFlags struct {
	login, newLogin, passwordFile, email, contact, comment string
	active, yes                                            bool
}

// describe adds the flags of what an additional administrator is.
func (f *aliasFlags) describe(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.passwordFile, "password-file", "", "a file with the password on its only line; -: the first line of the standard input")
	cmd.Flags().StringVar(&f.email, "email", "", "the e-mail address")
	cmd.Flags().StringVar(&f.contact, "contact", "", "the name of whoever it is for")
	cmd.Flags().StringVar(&f.comment, "comment", "", "a comment")
	cmd.Flags().BoolVar(&f.active, "active", true, "whether it can log in")
}

// aliasCommand is what the three commands share: a server, a login, and a question.
func (e *env) aliasCommand(cmd *cobra.Command, f *aliasFlags, prepare func(*upstream, string, server.AdminAlias) (plannedAct, error)) *cobra.Command {
	cmd.Args = cobra.RangeArgs(1, 2)
	cmd.ValidArgsFunction = e.completeObjects(func(o fleet.Object) bool { return o.Kind == fleet.KindServer })
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if f.login == "" {
			return errors.New("--login is required")
		}
		data, err := e.aliasOf(cmd, f)
		if err != nil {
			return err
		}
		a, o, err := e.named(cmd.Context(), args)
		if err != nil {
			return err
		}
		if o.Kind != fleet.KindServer {
			return fmt.Errorf("%s: additional administrators are a server's (server/NAME)", o.Ref)
		}
		return e.act(cmd.Context(), a, o, f.yes, func(u *upstream) (plannedAct, error) { return prepare(u, f.login, data) })
	}
	cmd.Flags().StringVar(&f.login, "login", "", "the login")
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	return cmd
}

func newAdminAliasAdd(e *env) *cobra.Command {
	f := &aliasFlags{}
	cmd := e.aliasCommand(&cobra.Command{
		Use:   "add server/NAME",
		Short: "Add an additional administrator",
		Long: `Add an additional administrator. The password is read from a file or the standard input and shown nowhere; a question that is asked then is answered
by the next line of the input.`,
		Example: "  kubectl plesk act admin-alias add server/web-01 --login deputy --password-file deputy.txt --email deputy@example.com\n" +
			"  kubectl plesk act admin-alias add server/web-01 --login deputy --password-file - --yes < deputy.txt",
	}, f, addAlias)
	f.describe(cmd)
	return cmd
}

func addAlias(u *upstream, login string, data server.AdminAlias) (plannedAct, error) {
	if data.Password == nil {
		return plannedAct{}, errors.New("--password-file is required")
	}
	data.Login = &login
	return plannedAct{
		action: "AddAdminAlias",
		what:   fmt.Sprintf("Add the additional administrator %q to %s", login, u.server.Name),
		do: func(ctx context.Context) (string, error) {
			_, err := server.AddAdminAlias.One(ctx, u, server.AddAdminAliasRequest{Data: data})
			return fmt.Sprintf("has the additional administrator %q", login), u.fit(err, *data.Password)
		},
	}, nil
}

func newAdminAliasSet(e *env) *cobra.Command {
	f := &aliasFlags{}
	cmd := e.aliasCommand(&cobra.Command{
		Use:   "set server/NAME",
		Short: "Change an additional administrator",
		Long: `Change what is given of an additional administrator; the rest stays. An empty contact or comment is taken away. What would lock the operator out,
because it logs in as that administrator, is refused.`,
		Example: "  kubectl plesk act admin-alias set server/web-01 --login deputy --active=false\n" +
			"  kubectl plesk act admin-alias set server/web-01 --login deputy --password-file deputy.txt",
	}, f, setAlias)
	f.describe(cmd)
	cmd.Flags().StringVar(&f.newLogin, "new-login", "", "another login")
	return cmd
}

func setAlias(u *upstream, login string, data server.AdminAlias) (plannedAct, error) {
	changes := said(data)
	if len(changes) == 0 {
		return plannedAct{}, errors.New("say what to change: --new-login, --password-file, --email, --contact, --comment or --active")
	}
	if data.Login != nil || data.Password != nil || data.Active != nil && !*data.Active {
		if err := u.notOurs(login); err != nil {
			return plannedAct{}, err
		}
	}
	return plannedAct{
		action: "SetAdminAlias",
		what:   fmt.Sprintf("Change the additional administrator %q of %s: %s", login, u.server.Name, strings.Join(changes, ", ")),
		do: func(ctx context.Context) (string, error) {
			_, err := server.SetAdminAlias.One(ctx, u, server.SetAdminAliasRequest{Filter: server.ByLogin(login), Data: data})
			var secrets []xmlapi.Secret
			if data.Password != nil {
				secrets = append(secrets, *data.Password)
			}
			return fmt.Sprintf("has changed the additional administrator %q", login), u.fit(err, secrets...)
		},
	}, nil
}

func newAdminAliasDel(e *env) *cobra.Command {
	f := &aliasFlags{}
	return e.aliasCommand(&cobra.Command{
		Use:     "del server/NAME",
		Short:   "Remove an additional administrator",
		Long:    `Remove an additional administrator, unless the operator logs in as that one.`,
		Example: "  kubectl plesk act admin-alias del server/web-01 --login deputy",
	}, f, func(u *upstream, login string, _ server.AdminAlias) (plannedAct, error) { return delAlias(u, login) })
}

func delAlias(u *upstream, login string) (plannedAct, error) {
	if err := u.notOurs(login); err != nil {
		return plannedAct{}, err
	}
	return plannedAct{
		action: "DelAdminAlias",
		what:   fmt.Sprintf("Remove the additional administrator %q from %s", login, u.server.Name),
		do: func(ctx context.Context) (string, error) {
			_, err := server.DelAdminAlias.One(ctx, u, xmlapi.FilterRequest{Filter: server.ByLogin(login)})
			return fmt.Sprintf("has the additional administrator %q no longer", login), u.fit(err)
		},
	}, nil
}

// aliasOf is what flags say of an additional administrator; what is not given stays, or is as the server has it.
func (e *env) aliasOf(cmd *cobra.Command, f *aliasFlags) (server.AdminAlias, error) {
	var data server.AdminAlias
	for flag, into := range map[string]**string{"new-login": &data.Login, "email": &data.Email, "contact": &data.Contact, "comment": &data.Comment} {
		if cmd.Flags().Changed(flag) {
			*into = new(cmd.Flag(flag).Value.String())
		}
	}
	if data.Login != nil && *data.Login == "" {
		return data, errors.New("--new-login is empty")
	}
	if data.Email != nil && !isEmail(*data.Email) {
		return data, fmt.Errorf("--email %q: want an address of 3 to 255 characters", *data.Email)
	}
	if cmd.Flags().Changed("active") {
		data.Active = &f.active
	}
	if f.passwordFile == "" {
		return data, nil
	}
	password, err := e.readPassword(f.passwordFile)
	data.Password = &password
	return data, err
}

// isEmail reports whether the grammar takes a text for an address (emailType).
func isEmail(text string) bool {
	_, host, ok := strings.Cut(text, "@")
	n := utf8.RuneCountInString(text)
	return ok && host != "" && !strings.Contains(host, "@") && n >= 3 && n <= 255
}

// said lists what is to be changed, without the values of secrets.
func said(data server.AdminAlias) (out []string) {
	if data.Login != nil {
		out = append(out, fmt.Sprintf("the login, to %q", *data.Login))
	}
	if data.Password != nil {
		out = append(out, "the password")
	}
	for _, text := range []struct {
		what string
		to   *string
	}{{"e-mail address", data.Email}, {"contact", data.Contact}, {"comment", data.Comment}} {
		if text.to != nil {
			out = append(out, fmt.Sprintf("the %s, to %q", text.what, *text.to))
		}
	}
	if data.Active != nil {
		out = append(out, map[bool]string{true: "that it can log in", false: "that it cannot log in any more"}[*data.Active])
	}
	return out
}

// notOurs is an error for the login that the operator has.
func (u *upstream) notOurs(login string) error {
	if target.LoginKey(login) == target.LoginKey(u.session.Login) {
		return fmt.Errorf("the operator logs in to %s as %q: give its Secret other credentials first", u.server.Name, u.session.Login)
	}
	return nil
}

// maxPassword bounds what is read of a file with a password.
const maxPassword = 4 << 10

// readPassword reads a password from a file, or the first line of the input. What is read is not repeated in errors.
func (e *env) readPassword(name string) (xmlapi.Secret, error) {
	var line string
	var err error
	if name == "-" {
		if f, ok := e.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return "", errors.New("--password-file -: a terminal shows what is typed; name a file, or have a program write the password")
		}
		if line, err = readLine(e.In); errors.Is(err, io.EOF) {
			err = nil
		}
	} else {
		line, err = readShort(name)
	}
	if err != nil {
		return "", err
	}
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if line == "" || len(line) > maxPassword || strings.ContainsAny(line, "\r\n") {
		return "", fmt.Errorf("--password-file %s: want the password on one line, and nothing else", name)
	}
	return xmlapi.Secret(line), nil
}

// readShort reads a file of which no more is wanted than a password.
func readShort(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, maxPassword+3))
	return string(text), err
}
