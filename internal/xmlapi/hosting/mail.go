// Mail preferences of subscriptions and plans.

package hosting

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// NonexistentUser says what happens to mail for unknown addresses: exactly one of the three.
type NonexistentUser struct {
	Bounce  *string       `xml:"bounce" choice:"action,required"`  // answer with this text
	Forward *string       `xml:"forward" choice:"action,required"` // to this address
	Reject  *xmlapi.Empty `xml:"reject" choice:"action,required"`
}

// OutgoingMail limits outgoing messages. The limits are a number per hour, "default" or "-1".
type OutgoingMail struct {
	MailboxLimit      *string `xml:"outgoing-messages-mbox-limit"`
	DomainLimit       *string `xml:"outgoing-messages-domain-limit"`
	SubscriptionLimit *string `xml:"outgoing-messages-subscription-limit"`
	EnableSendmail    *string `xml:"outgoing-messages-enable-sendmail"` // true, false or default
	OverlimitPercent  *int    `xml:"outgoing-messages-overlimit-percent"`
}

// PlanMail is the mail preferences of a plan.
type PlanMail struct {
	NonexistentUser *NonexistentUser `xml:"nonexistent-user"`
	Webmail         *string          `xml:"webmail"`
	MailLists       *bool            `xml:"maillists"`
	MailService     *bool            `xml:"mailservice"`
	OutgoingMail
}

// Mail is the mail preferences of a subscription and its limits of outgoing mail.
type Mail struct {
	MailPreferences
	OutgoingMail
}

// MailPreferences say how a site's mail is treated: None, or any of the other fields.
type MailPreferences struct {
	None               *xmlapi.Empty    `xml:"none" choice:"mail:none"` // no mail service at all
	NonexistentUser    *NonexistentUser `xml:"nonexistent-user" choice:"mail:service*"`
	Webmail            *string          `xml:"webmail" choice:"mail:service*"`           // a product's name, or none
	SpamProtectSign    *bool            `xml:"spam-protect-sign" choice:"mail:service*"` // DKIM
	Greylisting        *bool            `xml:"greylisting" choice:"mail:service*"`
	MailService        *bool            `xml:"mailservice" choice:"mail:service*"`
	IPAddresses        []string         `xml:"ip_address" choice:"mail:service*"`
	Provider           *MailProvider    `xml:"mail-provider" choice:"mail:service*"`
	WebmailCertificate *string          `xml:"webmail-certificate" choice:"mail:service*"`
}

// MailProvider says who provides mail: exactly one of the two.
type MailProvider struct {
	Local *xmlapi.Empty    `xml:"local" choice:"provider,required"`
	APS   *APSMailProvider `xml:"aps" choice:"provider,required"`
}

// APSMailProvider is an application that provides mail.
type APSMailProvider struct {
	PackageUID string `xml:"package-uid"`
}
