// PleskMailAccount: a mail address of a site, with its mailbox, aliases, forwarding and automatic reply.

package v1alpha1

import (
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// MailboxQuota bounds the size of a mailbox: bytes, a size such as 1Gi, or "unlimited".
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:XValidation:rule="type(self) == int ? self >= 0 : self.matches('^(unlimited|[0-9]+([.][0-9]+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$')",message="must not be negative: write bytes, a size such as 10G or 10Gi (without a B), or unlimited; -1 is written unlimited"
type MailboxQuota struct {
	LimitValue `json:"-"`
}

// MailAntivirus says which mail is checked for viruses.
// +kubebuilder:validation:Enum=Disabled;Incoming;Outgoing;Both
type MailAntivirus string

// The ways to check mail.
const (
	// MailAntivirusDisabled checks none (antivir off).
	MailAntivirusDisabled MailAntivirus = "Disabled"
	// MailAntivirusIncoming checks what arrives (antivir in).
	MailAntivirusIncoming MailAntivirus = "Incoming"
	// MailAntivirusOutgoing checks what is sent (antivir out).
	MailAntivirusOutgoing MailAntivirus = "Outgoing"
	// MailAntivirusBoth checks both (antivir inout).
	MailAntivirusBoth MailAntivirus = "Both"
)

// ReplyContentType says how the text of an automatic reply is to be read.
// +kubebuilder:validation:Enum=PlainText;HTML
type ReplyContentType string

// The content types.
const (
	// ReplyContentTypePlainText is text as it stands (text/plain).
	ReplyContentTypePlainText ReplyContentType = "PlainText"
	// ReplyContentTypeHTML is a page (text/html).
	ReplyContentTypeHTML ReplyContentType = "HTML"
)

// PleskMailAccountSpec describes a mail account. A field that is not set is not managed.
// +kubebuilder:validation:XValidation:rule="!has(self.aliases) || !self.aliases.exists(a, a.lowerAscii() == self.mailName.lowerAscii())",message="an account cannot be its own alias",fieldPath=".aliases"
// +kubebuilder:validation:XValidation:rule="!has(self.connectionSecretRef) || !has(self.password) || self.connectionSecretRef.name != self.password.secretRef.name",message="the connection needs a Secret of its own",fieldPath=".connectionSecretRef"
type PleskMailAccountSpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site that the account belongs to. Immutable. Wire: site-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable"
	SiteRef SiteReference `json:"siteRef"`

	// mailName is the part of the address before the @, in ASCII; unique within the site among accounts and aliases, in any case. It
	// is written in lower case. A changed name renames the account, which keeps its mail. Wire: name, mail/rename.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^@\s]+$')`,message="write the part before the @ alone, without blanks"
	// +kubebuilder:validation:XValidation:rule="self.matches('^[ -~]*$')",message="must be ASCII: letters without accents, digits and punctuation"
	MailName string `json:"mailName"`

	// mailbox keeps mail on the server. Unset: not managed; a new account has none.
	// +optional
	Mailbox *MailAccountMailbox `json:"mailbox,omitempty"`

	// password of the mailbox, which is sent in plain over the server's TLS. It is needed to create an account with a mailbox, not to
	// manage one that exists, and written again only when it changes in the Secret. Wire: password.
	// +optional
	Password *SecretValue `json:"password,omitempty"`

	// aliases are other names of the account in the same site, in ASCII and without the @; others are removed. They are written in
	// lower case.
	// []: none. Unset: not managed. Wire: alias, mail/update/remove.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:XValidation:rule=`self.matches(r'^[^@\s]+$')`,message="write the part before the @ alone, without blanks"
	// +kubebuilder:validation:items:XValidation:rule="self.matches('^[ -~]*$')",message="must be ASCII: letters without accents, digits and punctuation"
	Aliases []string `json:"aliases,omitzero"`

	// forwarding sends mail on to other addresses. Unset: not managed.
	// +optional
	Forwarding *MailForwarding `json:"forwarding,omitempty"`

	// autoresponder answers mail by itself. Unset: not managed.
	// +optional
	Autoresponder *MailAutoresponder `json:"autoresponder,omitempty"`

	// antivirus says which mail is checked for viruses: Disabled, Incoming, Outgoing or Both. The server needs a virus filter for it.
	// Unset: not managed; a new account has Disabled. Wire: antivir.
	// +optional
	Antivirus *MailAntivirus `json:"antivirus,omitempty"`

	// outgoingLimit is how many messages the account may send per hour: a number, "unlimited", or "default" for what the site's
	// settings say. Unset: not managed. Privileged: not for tenants. Wire: outgoing-messages-mbox-limit.
	// +optional
	OutgoingLimit *OutgoingLimit `json:"outgoingLimit,omitempty"`

	// panelAccess lets the owner log in to the panel with the address and its password. The server does not show it: it is written
	// again only when it changes here. Unset: not managed; a new account has none. Wire: cp-access.
	// +optional
	PanelAccess *bool `json:"panelAccess,omitempty"`

	// description of the account, which the panel shows. While a new account is not yet recorded in the status, the operator's mark stands before it.
	// Unset: not managed. Wire: description.
	// +optional
	// +kubebuilder:validation:MaxLength=180
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('plesk-operator:')",message="plesk-operator: begins the operator's own marks"
	Description *string `json:"description,omitempty"`

	// connectionSecretRef names the Secret that the operator makes with what a mail client needs: host (the site's domain),
	// username (the whole address) and, where the spec has one, password. It goes with this resource, unless the account stays.
	// Unset: none is written.
	// +optional
	ConnectionSecretRef *SecretReference `json:"connectionSecretRef,omitempty"`
}

// MailAccountMailbox is where mail is kept.
type MailAccountMailbox struct {
	// enabled says whether there is a mailbox; false keeps no mail, for an account that only forwards. Wire: mailbox/enabled.
	// +required
	Enabled bool `json:"enabled"`

	// quota of the mailbox: a size such as 1Gi, or "unlimited", which is as much as the subscription allows: where its limit
	// mbox_quota is bounded the server shows that bound, so "unlimited" cannot be reached (NotConverging). Unset: not managed; a new
	// mailbox has what the subscription allows. Wire: mailbox/quota, in bytes.
	// +optional
	Quota *MailboxQuota `json:"quota,omitempty"`
}

// MailForwarding sends mail on.
// +kubebuilder:validation:XValidation:rule="!self.enabled || (has(self.addresses) && size(self.addresses) > 0)",message="addresses are required to forward to"
type MailForwarding struct {
	// enabled says whether mail is forwarded. Wire: forwarding/enabled.
	// +required
	Enabled bool `json:"enabled"`

	// addresses that mail is forwarded to; others are removed. Case means nothing. []: none, while it is not enabled. Unset: not
	// managed. Wire: forwarding/address.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=3
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:XValidation:rule=`self.matches(r'^[^@\s]+@[^@\s]+$')`,message="write an address, e.g. ada@acme.example"
	Addresses []string `json:"addresses,omitzero"`
}

// MailAutoresponder answers mail. What is not set is the server's to fill in, and not managed. Attachments of the reply can only be
// uploaded by hand: they are not managed, and stay as they are.
type MailAutoresponder struct {
	// enabled says whether mail is answered. Wire: autoresponder/enabled.
	// +required
	Enabled bool `json:"enabled"`

	// subject of the reply, e.g. "Re: <request_subject>". Unset: not managed. Wire: autoresponder/subject.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Subject *string `json:"subject,omitempty"`

	// text of the reply. Line breaks at its end mean nothing. Unset: not managed. Wire: autoresponder/text.
	// +optional
	// +kubebuilder:validation:MaxLength=16384
	Text *string `json:"text,omitempty"`

	// contentType of the text: PlainText or HTML. Unset: not managed. Wire: autoresponder/content_type.
	// +optional
	ContentType *ReplyContentType `json:"contentType,omitempty"`

	// charset of the reply, e.g. UTF-8. Case means nothing. Unset: not managed. Wire: autoresponder/charset.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9._:+-]+$`
	Charset *string `json:"charset,omitempty"`

	// forwardTo is an address that an answered message is also sent on to; "" for none. Unset: not managed.
	// Wire: autoresponder/forward.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^([^@\s]+@[^@\s]+)?$')`,message="write an address, e.g. ada@acme.example"
	ForwardTo *string `json:"forwardTo,omitempty"`

	// endDate is the day on which the server stops to answer, YYYY-MM-DD. It can be changed and not taken away: the protocol has
	// no way to say that there is none. Unset: not managed. Wire: autoresponder/end_date.
	// +optional
	// +kubebuilder:validation:Format=date
	// +kubebuilder:validation:Pattern=`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
	EndDate *string `json:"endDate,omitempty"`
}

// PleskMailAccountStatus is what was found on the server.
type PleskMailAccountStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the account.
	// +optional
	Observed *ObservedMailAccount `json:"observed,omitempty"`
}

// ObservedMailAccount is what the server shows of a mail account.
type ObservedMailAccount struct {
	// address is the whole mail address.
	// +optional
	Address string `json:"address,omitempty"`
	// mailbox says whether mail is kept on the server.
	// +optional
	Mailbox bool `json:"mailbox"`
	// quota of the mailbox in bytes, as far as the subscription's limit goes, or "unlimited".
	// +optional
	Quota string `json:"quota,omitempty"`
	// usage is the size of the mailbox, rounded up to a sixteenth of the next power of two, so that not every message changes it.
	// +optional
	Usage *resource.Quantity `json:"usage,omitempty"`
	// userGUID is the additional user of the panel whose account it is; the password is that user's then.
	// +optional
	UserGUID string `json:"userGUID,omitempty"`
}

// PleskMailAccount is a mail address of a site: mailbox, aliases, forwarding, automatic reply. Its natural key is site and name.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plmail
// +kubebuilder:printcolumn:name="Address",type=string,JSONPath=`.status.observed.address`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Quota",type=string,priority=1,JSONPath=`.status.observed.quota`
// +kubebuilder:printcolumn:name="Usage",type=string,priority=1,JSONPath=`.status.observed.usage`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskMailAccount struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the mail account.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskMailAccountSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskMailAccountStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskMailAccount) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskMailAccount) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskMailAccountList is a list of PleskMailAccount.
// +kubebuilder:object:root=true
type PleskMailAccountList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskMailAccount `json:"items"`
}
