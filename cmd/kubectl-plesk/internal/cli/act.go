// kubectl plesk act: what the protocol can do and no resource describes.

package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	sessionapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func newAct(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "act",
		Short: "Do on a server what no resource describes",
		Long: `Do on a server what the protocol can do and no resource describes. Each act says what it will do and asks first (--yes for scripts), and an
event on the object says who asked. It needs the credentials Secret of the server, which you have to be allowed to read.`,
		Example: "  kubectl plesk act sync subscription/acme\n  kubectl plesk act sessions server/web-01",
	}
	e.addAllowAddresses(cmd.PersistentFlags())
	cmd.AddCommand(newActSync(e), newActResetGUID(e), newActSessions(e), newActEndSession(e), newActAdminAlias(e))
	return cmd
}

func newActSync(e *env) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "sync subscription/NAME",
		Short: "Synchronise a subscription with its plan",
		Long: `Synchronise a subscription with its service plan and its add-ons: what of it deviates from the plan is set to what the plan says, unless the
subscription is locked against that. What its resource says otherwise, the operator writes again afterwards.`,
		Example:           "  kubectl plesk act sync subscription/acme",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, o, err := e.named(cmd.Context(), args)
			if err != nil {
				return err
			}
			if _, ok := o.Object.(*v1alpha1.PleskSubscription); !ok {
				return fmt.Errorf("%s: only subscriptions have a plan to be synchronised with", o.Ref)
			}
			return e.act(cmd.Context(), a, o, yes, func(u *upstream) (plannedAct, error) {
				is, err := u.verifySubscription(cmd.Context(), o)
				if err != nil {
					return plannedAct{}, err
				}
				return plannedAct{
					action: "SyncSubscription",
					what:   fmt.Sprintf("Synchronise the subscription %q on %s with its plan", is.name, u.server.Name),
					do: func(ctx context.Context) (string, error) {
						r, err := webspace.SyncSubscription.One(ctx, u, xmlapi.FilterRequest{Filter: webspace.ByGUID(o.Object.(*v1alpha1.PleskSubscription).Status.GUID)})
						if err != nil {
							return "", err
						}
						if r.Problems != nil && strings.TrimSpace(*r.Problems) != "" {
							return "synchronised, but for: " + shown(*r.Problems), nil
						}
						return "synchronised", nil
					},
				}, nil
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// plannedAct is something that can be done now.
type plannedAct struct {
	action, what string
	do           func(context.Context) (outcome string, _ error)
}

// act finds out what an act would do, says so, asks, records who asked, and does it.
func (e *env) act(ctx context.Context, a *access, o fleet.Object, yes bool, prepare func(*upstream) (plannedAct, error)) error {
	u, err := e.dial(ctx, a, o)
	if err != nil {
		return err
	}
	defer u.close()
	p, err := prepare(u)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.ErrOut, "%s.\n", shown(p.what))
	ok, err := e.confirm("Do it?", yes)
	if err != nil {
		return err
	}
	done := outcomes{env: e}
	if !ok {
		done.decline("Nothing was done.")
		return done.end(nil)
	}
	if err := e.record(ctx, a, o, "Act", p.action, p.what); err != nil {
		return err
	}
	outcome, err := p.do(ctx)
	if err != nil {
		return u.fit(err)
	}
	done.add(o.Ref, outcome)
	return done.end(nil)
}

// sessionLine is somebody's session in a panel. Its id is a secret; the handle is made from it.
type sessionLine struct {
	Handle  string `json:"handle"`
	Login   string `json:"login"`
	Type    string `json:"type"`
	Address string `json:"address"`
	Since   string `json:"since"`
	Idle    string `json:"idleSince"`
}

// handle names a session without giving it away.
func handle(id xmlapi.Secret) string {
	sum := sha256.Sum256([]byte(id.Reveal()))
	return hex.EncodeToString(sum[:4])
}

func newActSessions(e *env) *cobra.Command {
	return &cobra.Command{
		Use:               "sessions server/NAME",
		Short:             "List who is logged in to a panel",
		Long:              `List who is logged in to a server's panel. HANDLE names a session for "kubectl plesk act end-session"; it does not open it.`,
		Example:           "  kubectl plesk act sessions server/web-01",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, o, err := e.named(cmd.Context(), args)
			if err != nil {
				return err
			}
			u, err := e.dialPanel(cmd.Context(), a, o)
			if err != nil {
				return err
			}
			defer u.close()
			r, err := sessionapi.Get.One(cmd.Context(), u, xmlapi.EmptyRequest{})
			if err != nil && !xmlapi.IsNotFound(err) {
				return u.fit(err)
			}
			lines := []sessionLine{}
			for _, s := range r.Sessions {
				lines = append(lines, sessionLine{handle(s.ID), s.Login, s.Type, s.IPAddress, s.LoginTime, s.Idle})
			}
			return e.print(lines, func(w io.Writer) {
				if len(lines) == 0 {
					fmt.Fprintln(w, "Nobody is logged in.")
					return
				}
				t := table{heads: []string{"HANDLE", "LOGIN", "TYPE", "ADDRESS", "SINCE", "IDLE SINCE"}}
				for _, l := range lines {
					t.add(plain(l.Handle, l.Login, l.Type, l.Address, l.Since, l.Idle)...)
				}
				t.write(w, e)
			})
		},
	}
}

func (e *env) dialPanel(ctx context.Context, a *access, o fleet.Object) (*upstream, error) {
	if o.Kind != fleet.KindServer {
		return nil, fmt.Errorf("%s: sessions are a server's (server/NAME)", o.Ref)
	}
	return e.dial(ctx, a, o)
}

func newActEndSession(e *env) *cobra.Command {
	var yes bool
	var of, login string
	cmd := &cobra.Command{
		Use:               "end-session server/NAME",
		Short:             "End sessions in a panel: one, or all of a login",
		Long:              `End one session in a server's panel (--handle, see "kubectl plesk act sessions"), or all of a login (--login). Whoever it was has to log in again.`,
		Example:           "  kubectl plesk act end-session server/web-01 --login acme",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (of == "") == (login == "") {
				return errors.New("say which: either --handle or --login")
			}
			a, o, err := e.named(cmd.Context(), args)
			if err != nil {
				return err
			}
			if o.Kind != fleet.KindServer {
				return fmt.Errorf("%s: sessions are a server's (server/NAME)", o.Ref)
			}
			return e.act(cmd.Context(), a, o, yes, func(u *upstream) (plannedAct, error) { return endSessions(cmd.Context(), u, of, login) })
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().StringVar(&of, "handle", "", "the session's handle")
	cmd.Flags().StringVar(&login, "login", "", "whose sessions")
	return cmd
}

func endSessions(ctx context.Context, u *upstream, of, login string) (plannedAct, error) {
	r, err := sessionapi.Get.One(ctx, u, xmlapi.EmptyRequest{})
	if err != nil && !xmlapi.IsNotFound(err) {
		return plannedAct{}, u.fit(err)
	}
	var ids []xmlapi.Secret
	var whose []string
	for _, s := range r.Sessions {
		if handle(s.ID) == of || login != "" && s.Login == login {
			ids = append(ids, s.ID)
			whose = append(whose, fmt.Sprintf("%s of %s from %s", handle(s.ID), s.Login, s.IPAddress))
		}
	}
	if len(ids) == 0 {
		return plannedAct{}, errors.New("there is no such session")
	}
	return plannedAct{
		action: "EndSession",
		what:   fmt.Sprintf("End on %s the session %s", u.server.Name, strings.Join(whose, ", ")),
		do: func(ctx context.Context) (string, error) {
			var ended []string
			for i, id := range ids {
				_, err := sessionapi.Terminate.One(ctx, u, sessionapi.TerminateRequest{SessionID: id})
				if err != nil && !xmlapi.IsNotFound(err) { // it may have ended by itself
					if err = u.fit(err, ids...); len(ended) > 0 {
						err = fmt.Errorf("%w; ended before: %s", err, shown(strings.Join(ended, ", ")))
					}
					return "", err
				}
				ended = append(ended, whose[i])
			}
			return fmt.Sprintf("%d sessions ended", len(ids)), nil
		},
	}, nil
}
