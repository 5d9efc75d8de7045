// Writing a mail account. What the protocol takes by name alone follows a look at whose name that is, in the packet before.

package mail

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// Create asks for the site by its GUID: its id may be another one's by now.
func (Account) Create(ctx context.Context, d xmlapi.Doer, w mailValue) (engine.Identity, error) {
	if w.Mailbox != nil && *w.Mailbox && w.Password == nil {
		return engine.Identity{}, engine.Invalid(mailPassword, "required to create an account with a mailbox")
	}
	account, err := newMail(w)
	if err != nil {
		return engine.Identity{}, err
	}
	at, err := target.SiteBy(ctx, d, site.ByGUID(w.site.GUID))
	if err != nil {
		return engine.Identity{}, err
	}
	if at == nil {
		return engine.Identity{}, engine.Invalid("spec.siteRef", fmt.Sprintf("%q is not on the server", w.domain))
	}
	id, err := engine.Number(at.ID)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := mail.Create.One(ctx, d, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: id, Accounts: []mail.NewAccount{account}}})
	if err != nil || r.Account == nil {
		return engine.Identity{}, blameName(ctx, d, w, err)
	}
	return engine.Identity{ID: engine.IDText(r.Account.ID)}, nil
}

// newMail says what the spec sets and nothing else.
func newMail(w mailValue) (mail.NewAccount, error) {
	quota, err := w.quota()
	if err != nil {
		return mail.NewAccount{}, err
	}
	a := mail.NewAccount{
		Name: *w.Name, PanelAccess: w.PanelAccess, Aliases: w.Aliases, Autoresponder: w.Reply.over(nil),
		Antivirus: antivirusWords.Wire(w.Antivirus), OutgoingLimit: form.OutgoingWords.Wire(w.OutgoingLimit), Description: w.marked(nil),
	}
	if w.Mailbox != nil {
		a.Mailbox = &mail.NewMailbox{Enabled: *w.Mailbox, Quota: quota}
	}
	if len(w.Addresses) > 0 { // without any the grammar has no forwarding
		a.Forwarding = &mail.NewForwarding{Enabled: *w.Forwarding, Addresses: w.Addresses}
	}
	if w.Password != nil {
		a.Password = &mail.NewPassword{Value: *w.Password, Type: new(mail.Plain)}
	}
	return a, nil
}

// quota is the quota in bytes, nil for none.
func (w *mailValue) quota() (*int64, error) {
	if w.Quota == nil {
		return nil, nil
	}
	n, err := form.BoundNumber(*w.Quota)
	if err != nil {
		return nil, engine.Invalid("spec.mailbox.quota", err.Error())
	}
	return &n, nil
}

// marked is the description with the mark before it, nil where neither is to be written. What w leaves open stays as it was.
func (w *mailValue) marked(was *mailValue) *string {
	if w.Description == nil && form.Deref(w.Mark) == "" && was == nil {
		return nil
	}
	if was == nil {
		was = &mailValue{}
	}
	return new(engine.WithMark(form.Deref(cmp.Or(w.Mark, was.Mark)), form.Deref(cmp.Or(w.Description, was.Description))))
}

// over is the whole of a reply: what v leaves open is as it was, since a server may drop what an update does not mention. Attachments
// are not mentioned: they cannot be read whole.
func (v *mailReplyValue) over(was *mailReplyValue) *mail.Autoresponder {
	if v == nil {
		return nil
	}
	if was == nil {
		was = &mailReplyValue{}
	}
	filled := func(now, before *string) *string { // what the server shows in place of none is not written back
		if now == nil && form.Deref(before) == "" {
			return nil
		}
		return cmp.Or(now, before)
	}
	return &mail.Autoresponder{
		Enabled: cmp.Or(v.Enabled, was.Enabled), Subject: filled(v.Subject, was.Subject), Text: filled(v.Text, was.Text),
		ContentType: replyTypeWords.Wire(filled(v.ContentType, was.ContentType)), Charset: filled(v.Charset, was.Charset),
		Forward: filled(v.ForwardTo, was.ForwardTo), EndDate: filled(v.EndDate, was.EndDate),
	}
}

// Update takes away aliases that are to go first: one of them may be the new name. The new name comes before the rest: the old one may be a new
// alias.
func (Account) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[mailValue]) error {
	at, name, dropped := u.Have.site, u.Have.account.Name, droppedAliases(u)
	if len(dropped) > 0 || u.Patch.Name != nil {
		var err error
		if at, err = sameMail(ctx, d, u.Identity, u.Have); err != nil {
			return err
		}
	}
	id, err := engine.Number(at.ID)
	if err != nil {
		return err
	}
	if len(dropped) > 0 {
		list := mail.AccountList{Name: name, Aliases: dropped}
		if _, err := mail.UpdateRemove.One(ctx, d, mail.UpdateListsRequest{Filter: mail.AccountLists{SiteID: id, Accounts: []mail.AccountList{list}}}); err != nil {
			return err
		}
	}
	if u.Patch.Name != nil {
		if u.Have.account.ID == 0 {
			return engine.Invalid(nameField, "this server tells no ids of mail accounts, so one that was renamed could not be told from another")
		}
		if _, err := mail.Rename.One(ctx, d, mail.RenameRequest{SiteID: id, Name: name, NewName: *u.Patch.Name}); err != nil {
			return err
		}
		name = *u.Patch.Name
	}
	change, err := changedMail(u)
	if err != nil || change == nil {
		return err
	}
	change.Name = name
	_, err = mail.UpdateSet.One(ctx, d, mail.UpdateSetRequest{Filter: mail.AccountChanges{SiteID: id, Accounts: []mail.AccountChange{*change}}})
	return err
}

// droppedAliases are those that are to go, as the server writes them.
func droppedAliases(u engine.Update[mailValue]) []string {
	if u.Patch.Aliases == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(u.Have.account.Aliases), func(a string) bool {
		return slices.Contains(u.Want.Aliases, target.MailKey(engine.Identity{}, a).Name)
	})
}

// changedMail is what update/set is to write, nil for nothing. Lists and blocks are written whole (operators-services §4.2).
func changedMail(u engine.Update[mailValue]) (*mail.AccountChange, error) {
	p := u.Patch
	c := mail.AccountChange{PanelAccess: p.PanelAccess, Antivirus: antivirusWords.Wire(p.Antivirus), OutgoingLimit: form.OutgoingWords.Wire(p.OutgoingLimit)}
	if p.Mailbox != nil || p.Quota != nil {
		quota, err := u.Want.quota()
		if err != nil {
			return nil, err
		}
		c.Mailbox = &mail.Mailbox{Enabled: cmp.Or(u.Want.Mailbox, u.Have.Mailbox), Quota: quota}
	}
	if p.Forwarding != nil || p.Addresses != nil {
		c.Forwarding = &mail.Forwarding{Enabled: cmp.Or(u.Want.Forwarding, u.Have.Forwarding), Addresses: u.Want.Addresses}
		if u.Want.Addresses == nil {
			c.Forwarding.Addresses = u.Have.Addresses
		}
	}
	if slices.ContainsFunc(u.Changes, func(c engine.Change) bool { return c.Field == "aliases" && c.To != "" }) {
		c.Aliases = p.Aliases
	}
	if p.Reply != nil {
		c.Autoresponder = u.Want.Reply.over(u.Have.Reply)
	}
	if p.Password != nil {
		c.Password = &mail.Password{Value: p.Password, Type: new(mail.Plain)}
	}
	if p.Description != nil || p.Mark != nil {
		c.Description = p.marked(&u.Have)
	}
	if isEmpty(c) {
		return nil, nil
	}
	if id := u.Have.account.ID; id > 0 {
		c.ID = &id
	}
	return &c, nil
}

func isEmpty(c mail.AccountChange) bool {
	return c.PanelAccess == nil && c.Mailbox == nil && c.Forwarding == nil && c.Aliases == nil && c.Autoresponder == nil && c.Password == nil &&
		c.Antivirus == nil && c.OutgoingLimit == nil && c.Description == nil
}

// sameMail sees that a name is still the account's that was found under it, and returns the site as it is now.
func sameMail(ctx context.Context, d xmlapi.Doer, id engine.Identity, v mailValue) (at engine.Identity, _ error) {
	found, err := readMail(ctx, d, engine.Handle{Identity: id, Was: target.MailKey(v.site, v.account.Name)}, v.account.Name)
	switch {
	case err != nil:
		return at, err
	case found == nil || found.ID != id.ID:
		return at, &xmlapi.Error{
			Class: xmlapi.NotFound, Operator: mail.GetInfo.Operator(), Operation: mail.GetInfo.Name(),
			Err: fmt.Errorf("%q is not the account with id %s any more", v.account.Name, id.ID),
		}
	}
	return found.Value.site, nil
}

// Delete makes sure whose name it is: removal is by name.
func (Account) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[mailValue]) error {
	at, err := sameMail(ctx, d, found.Identity, found.Value)
	if err != nil {
		return err
	}
	id, err := engine.Number(at.ID)
	if err != nil {
		return err
	}
	_, err = mail.Remove.One(ctx, d, mail.RemoveRequest{Filter: mail.RemoveFilter{SiteID: id, Names: []string{found.Value.account.Name}}})
	return err
}

// Contents is empty: the mail of an account is the account.
func (Account) Contents(context.Context, xmlapi.Doer, *engine.Found[mailValue]) ([]engine.Content, error) {
	return nil, nil
}
