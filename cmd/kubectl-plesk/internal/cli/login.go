// kubectl plesk login: a link that logs somebody in to the panel, once.

package cli

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os/exec"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

func newLogin(e *env) *cobra.Command {
	var open bool
	var ip string
	cmd := &cobra.Command{
		Use:   "login KIND/NAME",
		Short: "Make a one-time link that logs in to the panel as a customer, a reseller or the administrator",
		Long: `Make a link that logs in to the panel of an object's server, once: as a customer (customer/NAME), a reseller (reseller/NAME), or whoever the
credentials of a server are for (server/NAME). It is good for one address: yours as the server sees it, or --ip. Whoever has the link is logged in.

It needs the credentials Secret of the server, which you have to be allowed to read, and an event on the object says who asked.`,
		Example:           "  kubectl plesk login customer/acme --open\n  kubectl plesk login server/web-01 --ip 198.51.100.20",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, o, err := e.named(cmd.Context(), args)
			if err != nil {
				return err
			}
			link, err := e.loginLink(cmd.Context(), a, o, ip)
			if err != nil {
				return err
			}
			if open {
				if err := e.open(cmd.Context(), link); err != nil || e.output == "" {
					return err
				}
				done := outcomes{env: e}
				done.add(o.Ref, "logged in, in the browser")
				return done.end(nil)
			}
			return e.print(map[string]string{"link": link}, func(w io.Writer) { fmt.Fprintln(w, link) })
		},
	}
	cmd.Flags().BoolVar(&open, "open", false, "open the link in the browser instead of printing it")
	e.addAllowAddresses(cmd.Flags())
	cmd.Flags().StringVar(&ip, "ip", "", "the address that will use the link; default: yours, as the server sees it")
	return cmd
}

// named reads the one object that arguments name.
func (e *env) named(ctx context.Context, args []string) (*access, fleet.Object, error) {
	a, err := e.access()
	if err != nil {
		return nil, fleet.Object{}, err
	}
	objects, err := (&selection{}).read(ctx, a, args)
	if err != nil {
		return nil, fleet.Object{}, err
	}
	if len(objects) != 1 {
		return nil, fleet.Object{}, fmt.Errorf("%q: want KIND/NAME or KIND NAME", strings.Join(args, " "))
	}
	return a, objects[0], nil
}

func (e *env) loginLink(ctx context.Context, a *access, o fleet.Object, ip string) (string, error) {
	var data *server.SessionData
	if ip != "" {
		address, err := netip.ParseAddr(ip)
		if err != nil {
			return "", fmt.Errorf("--ip %q: want an IP address", ip)
		}
		data = &server.SessionData{UserIP: base64.StdEncoding.EncodeToString([]byte(address.String()))}
	}
	u, err := e.dial(ctx, a, o)
	if err != nil {
		return "", err
	}
	defer u.close()
	login := u.session.Login
	switch {
	case o.Kind != fleet.KindServer:
		var is shownObject
		is, err = u.verifyAccount(ctx, o)
		login = is.name
	case login == "":
		err = errors.New("the credentials of the server are a secret key, which is nobody's login")
	}
	if err != nil {
		return "", err
	}
	if err := e.record(ctx, a, o, "LoginLink", "Login", fmt.Sprintf("A link that logs in as %q, once", login)); err != nil {
		return "", err
	}
	r, err := server.CreateSession.One(ctx, u, server.CreateSessionRequest{Login: login, Data: data})
	if err != nil {
		return "", u.fit(err)
	}
	if r.Token == "" {
		return "", errors.New("server/create_session: the server has answered without a token")
	}
	return loginURL(u.server.Spec.URL, r.Token.Reveal())
}

// loginURL is where a browser takes a token to (protocol-core §8.3).
func loginURL(panel, token string) (string, error) {
	at, err := url.Parse(panel)
	if err != nil {
		return "", err
	}
	at.Path, at.RawQuery = "/enterprise/rsession_init.php", url.Values{"PLESKSESSID": {token}}.Encode()
	return at.String(), nil
}

// openLink opens a link in the user's browser.
func openLink(ctx context.Context, link string) error {
	command := []string{"xdg-open", link}
	switch runtime.GOOS {
	case "darwin":
		command[0] = "open"
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler", link}
	}
	if err := exec.CommandContext(ctx, command[0], command[1:]...).Run(); err != nil { //nolint:gosec // the link is of our making
		return fmt.Errorf("no browser could be opened (%s: %w); without --open the link is printed", command[0], err)
	}
	return nil
}
