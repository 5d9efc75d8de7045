// A mail account as an export describes it.

package mail

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskMailAccount, mailValue] = Account{}

// Export says nothing of whether the account may log in to the panel: no server tells it.
func (Account) Export(o *v1alpha1.PleskMailAccount, f *engine.Found[mailValue]) (engine.Exported, error) {
	v, s := Account{}.Normal(f.Value), &o.Spec
	s.MailName, s.Description, s.Antivirus = form.Deref(v.Name), form.Filled(v.Description), (*v1alpha1.MailAntivirus)(v.Antivirus)
	s.OutgoingLimit = grant.ExportOutgoing(v.OutgoingLimit)
	if len(v.Aliases) > 0 {
		s.Aliases = v.Aliases
	}
	if v.Mailbox != nil {
		s.Mailbox = &v1alpha1.MailAccountMailbox{Enabled: *v.Mailbox}
		if v.Quota != nil && *v.Mailbox {
			s.Mailbox.Quota = &v1alpha1.MailboxQuota{LimitValue: grant.Bound(*v.Quota)}
		}
	}
	if on := v.Forwarding != nil && *v.Forwarding; on || len(v.Addresses) > 0 {
		s.Forwarding = &v1alpha1.MailForwarding{Enabled: on, Addresses: v.Addresses}
	}
	s.Autoresponder = v.Reply.export()
	s.Password = engine.SecretFor(o, "password")
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.siteRef", To: target.OwnerOf(&engine.Link{Identity: v.site, Name: v.domain}, "")}}}, nil
}

// export is nil for a reply that nobody has written.
func (v *mailReplyValue) export() *v1alpha1.MailAutoresponder {
	if v == nil || v.Enabled == nil || !*v.Enabled && form.Deref(v.Text) == "" && form.Deref(v.Subject) == "" {
		return nil
	}
	return &v1alpha1.MailAutoresponder{
		Enabled: *v.Enabled, Subject: form.Filled(v.Subject), Text: form.Filled(v.Text), ContentType: (*v1alpha1.ReplyContentType)(v.ContentType),
		Charset: form.Filled(v.Charset), ForwardTo: form.Filled(v.ForwardTo), EndDate: form.Filled(v.EndDate),
	}
}
