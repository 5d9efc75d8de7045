// Which name is taken: an account and its aliases share the names of a site, and one code refuses them all.

package mail

import (
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

const (
	nameField    = "spec.mailName"
	aliasesField = "spec.aliases"
)

// blameName finds out whether it is the name of a new account that is taken; if not, it is one of the aliases.
func blameName(ctx context.Context, d xmlapi.Doer, w mailValue, err error) error {
	switch {
	case xmlapi.ClassOf(err) != xmlapi.Exists:
		return err
	case len(w.Aliases) == 0:
		return engine.Blame(nameField, err)
	}
	taken, lookErr := nameTaken(ctx, d, w)
	switch {
	case lookErr != nil:
		return engine.Blame(nameField+" or "+aliasesField, err)
	case taken:
		return engine.Blame(nameField, err)
	}
	return engine.Blame(aliasesField, err)
}

// nameTaken looks for the name among the accounts of the site and their aliases.
func nameTaken(ctx context.Context, d xmlapi.Doer, w mailValue) (bool, error) {
	_, accounts, err := mailOf(ctx, d, w.site, mail.GetInfoRequest{Aliases: &xmlapi.Empty{}})
	if err != nil {
		return false, err
	}
	is := func(other string) bool {
		return target.MailKey(w.site, other) == target.MailKey(w.site, *w.Name)
	}
	return slices.ContainsFunc(accounts, func(a mail.Account) bool { return is(a.Name) || slices.ContainsFunc(a.Aliases, is) }), nil
}
