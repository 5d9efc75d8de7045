// What is bound to an account beside its subscriptions, and goes with it: keys for the API, and custom buttons.

package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
)

// SecretKeyID is the id of what the server lists in place of a key: half of its hash. Nobody finds 122 random bits from that.
func SecretKeyID(handle xmlapi.Secret) string {
	sum := sha256.Sum256([]byte(handle.Reveal()))
	return hex.EncodeToString(sum[:16])
}

// AccountBelongings lists the keys of accounts, by their logins, and their buttons, by the owners. Around is the GUID of the account that would be
// deleted with them. Who may not ask for them is shown none; nor are those of a server that does not know them.
func AccountBelongings(ctx context.Context, d xmlapi.Doer, around string, logins []string, owners []ui.Owner) ([]engine.Content, error) {
	var out []engine.Content
	keys, err := secretkey.GetInfo.All(ctx, d, xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err != nil && !hasNone(err) {
		return nil, err
	}
	for _, r := range keys {
		for _, k := range r.Keys {
			if k.Login != nil && slices.Contains(logins, *k.Login) {
				_, description := engine.CutMark(form.SingleBlanks(k.Description))
				out = append(out, engine.Content{Kind: "PleskSecretKey", Identity: engine.Identity{ID: SecretKeyID(k.Key)}, Around: around, Name: description + " of " + *k.Login})
			}
		}
	}
	buttons, err := ui.GetCustomButton.All(ctx, d, ui.GetCustomButtonRequest{Filter: ui.CustomButtonFilter{Owners: owners}})
	if err != nil && !hasNone(err) {
		return nil, err
	}
	for _, b := range buttons {
		if b.CustomButton != nil && b.ID != 0 {
			out = append(out, engine.Content{Kind: "PleskCustomButton", Identity: engine.Identity{ID: engine.IDText(b.ID)}, Around: around, Name: form.SingleBlanks(b.Properties.Text)})
		}
	}
	return out, nil
}

// hasNone reports whether a refusal says that there is nothing of the sort to be had.
func hasNone(err error) bool {
	return xmlapi.IsNotFound(err) || xmlapi.ClassOf(err) == xmlapi.Forbidden || xmlapi.RefusedWith(err, xmlapi.CodeParse)
}
