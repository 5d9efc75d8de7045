// Mail accounts: a name within a site, with a mailbox, forwarding, aliases and an automatic reply.

package mail

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// CreateRequest creates accounts of one site.
type CreateRequest struct {
	Filter NewAccounts `xml:"filter"`
}

// NewAccounts are accounts to create, at least one.
type NewAccounts struct {
	SiteID   int64        `xml:"site-id"`
	Accounts []NewAccount `xml:"mailname" choice:"accounts,required"`
}

// NewAccount describes a new account. Only Name, the part before the @, is required.
type NewAccount struct {
	Name          string         `xml:"name"`
	PanelAccess   *bool          `xml:"cp-access"` // its owner may log in to the panel; never in an answer
	Mailbox       *NewMailbox    `xml:"mailbox"`   // absent: no mailbox
	Forwarding    *NewForwarding `xml:"forwarding"`
	Aliases       []string       `xml:"alias"` // names, as Name
	Autoresponder *Autoresponder `xml:"autoresponder"`
	Password      *NewPassword   `xml:"password"`
	Antivirus     *string        `xml:"antivir"`
	OutgoingLimit *string        `xml:"outgoing-messages-mbox-limit"` // messages per hour, "default" or "-1"
	Description   *string        `xml:"description"`
}

// NewMailbox is the mailbox of a new account.
type NewMailbox struct {
	Enabled bool   `xml:"enabled"`
	Quota   *int64 `xml:"quota"` // bytes; -1 and absent: what the subscription's limits allow
}

// NewForwarding is the forwarding of a new account, to one address at least.
type NewForwarding struct {
	Enabled   bool     `xml:"enabled"`
	Addresses []string `xml:"address" choice:"addresses,required"`
}

// NewPassword is the password of a new account.
type NewPassword struct {
	Value xmlapi.Secret `xml:"value"`
	Type  *string       `xml:"type"`
}

// Autoresponder is an automatic reply; in requests, nil values stay.
type Autoresponder struct {
	Enabled     *bool        `xml:"enabled"`
	Subject     *string      `xml:"subject"`
	ContentType *string      `xml:"content_type"` // text/plain or text/html
	Charset     *string      `xml:"charset"`
	Text        *string      `xml:"text"`
	Attachments []Attachment `xml:"attachment"`
	Forward     *string      `xml:"forward"`  // an address that the original message is sent on to
	EndDate     *string      `xml:"end_date"` // YYYY-MM-DD
}

// Attachment is a file that goes with the reply. TmpName is where an upload put it.
type Attachment struct {
	TmpName  *string `xml:"tmp-name"`
	FileName *string `xml:"file-name"`
}

// CreateResult names a new account.
type CreateResult struct {
	xmlapi.Result
	Account *CreatedAccount `xml:"mailname"`
}

// CreatedAccount is an account with its id.
type CreatedAccount struct {
	ID   int64  `xml:"id,omitempty"`
	Name string `xml:"name"`
}

// UpdateListsRequest adds the given values to those of the accounts, or takes them out, and keeps the others.
type UpdateListsRequest struct {
	Filter AccountLists `xml:"filter"`
}

// AccountLists are the changes of accounts of one site, at least one.
type AccountLists struct {
	SiteID   int64         `xml:"site-id"`
	Accounts []AccountList `xml:"mailname" choice:"accounts,required"`
}

// AccountList is what is added to the account Name, or taken out.
type AccountList struct {
	Name          string          `xml:"name"`
	PanelAccess   *bool           `xml:"cp-access"`
	Forwarding    *ForwardingList `xml:"forwarding"`
	Aliases       []string        `xml:"alias"`
	Autoresponder *Autoresponder  `xml:"autoresponder"`
}

// ForwardingList is addresses, at least one.
type ForwardingList struct {
	Enabled   *bool    `xml:"enabled"`
	Addresses []string `xml:"address" choice:"addresses,required"`
}

// UpdateSetRequest replaces the given settings of accounts.
type UpdateSetRequest struct {
	Filter AccountChanges `xml:"filter"`
}

// AccountChanges are the changes of accounts of one site, at least one.
type AccountChanges struct {
	SiteID   int64           `xml:"site-id"`
	Accounts []AccountChange `xml:"mailname" choice:"accounts,required"`
}

// AccountChange holds the new settings of the account Name; nil ones stay. A list that is given replaces the whole list;
// aliases cannot be cleared this way, only by UpdateRemove.
type AccountChange struct {
	ID            *int64         `xml:"id"`
	Name          string         `xml:"name"`
	PanelAccess   *bool          `xml:"cp-access"`
	Mailbox       *Mailbox       `xml:"mailbox"`
	Forwarding    *Forwarding    `xml:"forwarding"`
	Aliases       []string       `xml:"alias"`
	Autoresponder *Autoresponder `xml:"autoresponder"`
	Password      *Password      `xml:"password" choice:"login"`
	UserGUID      *string        `xml:"user-guid" choice:"login"` // the account becomes that of an additional user
	Antivirus     *string        `xml:"antivir"`
	OutgoingLimit *string        `xml:"outgoing-messages-mbox-limit"`
	Description   *string        `xml:"description"`
}

// Mailbox is the settings of a mailbox; nil ones stay.
type Mailbox struct {
	Enabled *bool  `xml:"enabled"`
	Quota   *int64 `xml:"quota"` // bytes; -1 is what the subscription's limits allow
}

// Forwarding is where mail is forwarded to. Enabled=false without addresses clears the list.
type Forwarding struct {
	Enabled   *bool    `xml:"enabled"`
	Addresses []string `xml:"address"`
}

// Password is a password to set. In answers it is empty.
type Password struct {
	Value *xmlapi.Secret `xml:"value"`
	Type  *string        `xml:"type"`
}

// AccountResult is the outcome for one account.
type AccountResult struct {
	xmlapi.Result
	Account *NamedAccount `xml:"mailname"`
}

// NamedAccount names an account.
type NamedAccount struct {
	Name string `xml:"name"`
}

// GetInfoRequest reads the accounts of one site, and of them the blocks that are asked for.
type GetInfoRequest struct {
	Filter        InfoFilter    `xml:"filter"`
	Mailbox       *xmlapi.Empty `xml:"mailbox"`
	MailboxUsage  *xmlapi.Empty `xml:"mailbox-usage"`
	Forwarding    *xmlapi.Empty `xml:"forwarding"`
	Aliases       *xmlapi.Empty `xml:"aliases"`
	Autoresponder *xmlapi.Empty `xml:"autoresponder"`
}

// InfoFilter selects the accounts of a site that Names lists, or all of them.
type InfoFilter struct {
	SiteID int64    `xml:"site-id"`
	Names  []string `xml:"name"`
}

// GetInfoResult is one account. For a site without accounts the answer is an ok without one.
type GetInfoResult struct {
	xmlapi.Result
	Account *Account `xml:"mailname"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetInfoResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Account == nil }

// Account is an account as the server shows it; blocks that were not asked for are nil.
type Account struct {
	ID            int64          `xml:"id,omitempty"`
	Name          string         `xml:"name"`
	Mailbox       *MailboxInfo   `xml:"mailbox"`
	Forwarding    *Forwarding    `xml:"forwarding"`
	Aliases       []string       `xml:"alias"`
	Autoresponder *Autoresponder `xml:"autoresponder"`
	Password      *Password      `xml:"password" choice:"login"` // empty but on very old servers
	UserGUID      *string        `xml:"user-guid" choice:"login"`
	Antivirus     *string        `xml:"antivir"`
	OutgoingLimit *string        `xml:"outgoing-messages-mbox-limit"`
	Description   *string        `xml:"description"`
}

// MailboxInfo is a mailbox and, where it was asked for, its size.
type MailboxInfo struct {
	Enabled *bool  `xml:"enabled"`
	Quota   *int64 `xml:"quota"` // bytes, -1 unlimited
	Usage   *int64 `xml:"usage"` // bytes
}

// RenameRequest renames an account, which keeps its id and content.
type RenameRequest struct {
	SiteID  int64  `xml:"site-id"`
	Name    string `xml:"name"`
	NewName string `xml:"new-name"`
}

// RemoveRequest removes accounts with their mail.
type RemoveRequest struct {
	Filter RemoveFilter `xml:"filter"`
}

// RemoveFilter names accounts of a site, at least one: without a name the server would remove all of them, so that filter cannot be written.
type RemoveFilter struct {
	SiteID int64    `xml:"site-id"`
	Names  []string `xml:"name" choice:"names,required"`
}
