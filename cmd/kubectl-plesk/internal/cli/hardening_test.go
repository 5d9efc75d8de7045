// What the commands do not do: let others write to a terminal, claim what does not happen, or act on another object than the one that was shown.

package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/preview"
)

// evil clears a terminal's line and turns what follows round.
const evil = "a\x1b[2K\rb\u202ec\u009b1m"

// silent returns an env whose user gives an answer, and what it prints.
func silent(answer string) (e *env, out, errs *bytes.Buffer) {
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	return &env{IOStreams: genericiooptions.IOStreams{In: strings.NewReader(answer), Out: out, ErrOut: errs}}, out, errs
}

func TestNobodyElseWritesToTheTerminal(t *testing.T) {
	e, out, errs := silent("n\n")
	if _, err := e.confirm("Have the operator replace what is in Secret x (key "+evil+")?", false); err != nil {
		t.Fatal(err)
	}
	e.writeTree(out, fleet.Tree{Ref: fleet.Ref{Kind: "PleskSubscription", Name: "acme"}, FirstWrong: &fleet.Cause{Ref: fleet.Ref{Kind: "PleskCustomer", Name: evil}, Message: evil}})
	e.writeDiff(out, []preview.Result{{Ref: fleet.Ref{Kind: "PleskCustomer", Name: evil, Namespace: evil}, Action: preview.Refuse, Message: evil}}, true)
	Complain(errs, errors.New("you may not get servers in namespace "+evil+"\nnor in another one"))
	if text := out.String() + errs.String(); strings.ContainsAny(text, "\x1b\r\u009b\u202e") {
		t.Errorf("%q", text)
	}
	if text := errs.String(); !strings.Contains(text, "\nnor in another one\n") || !strings.Contains(text, "error: you may not") {
		t.Errorf("%q", text)
	}
	errs.Reset()
	if Complain(errs, nil); errs.String() != "" {
		t.Errorf("%q", errs)
	}
}
