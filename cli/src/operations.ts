// Every operation that the command line sends to the gateway.

export const FIND_GROUPS = /* GraphQL */ `
  {
    groups {
      id
      name
      head
    }
  }
`;

export const ME = /* GraphQL */ `
  {
    me {
      id
    }
  }
`;

export const FEED = /* GraphQL */ `
  subscription Watch($group: ID!, $after: Int, $locale: Locale) {
    groupFeed(groupId: $group, after: $after) {
      __typename
      seq
      at
      actor {
        id
        name
      }
      ... on MessagePosted {
        id
        text
      }
      ... on MessageChanged {
        message {
          text
        }
      }
      ... on CardPosted {
        card {
          ...Watched
        }
      }
      ... on CardChanged {
        card {
          ...Watched
        }
      }
      ... on ActionChanged {
        action {
          id
          verb
          status
          cardId
          userErrors {
            field
            code
            message
          }
        }
      }
      ... on MemberChanged {
        person {
          id
          name
        }
        role
        added
      }
      ... on GrantChanged {
        policy
        role
        granted
        until
        end
      }
      ... on OrganizationChanged {
        organization {
          id
          name(locale: $locale)
        }
        change
      }
    }
  }
  fragment Watched on Card {
    id
    type
    revision
    open
    to
    postedAt
    about {
      type
      key
    }
    summary(locale: $locale)
    actions(locale: $locale) {
      verb
      title
    }
    provenance {
      organization {
        id
        name(locale: $locale)
      }
      system
      status
      asOf
    }
    withheld {
      path
      organization {
        id
        name(locale: $locale)
      }
      policy
    }
    adaptiveCard(locale: $locale)
  }
`;

export const ACT = /* GraphQL */ `
  mutation Act($group: ID!, $verb: String!, $input: JSON!, $key: String!, $card: ID, $seen: Int) {
    act(groupId: $group, verb: $verb, input: $input, key: $key, cardId: $card, seen: $seen) {
      action {
        id
        verb
        status
        cardId
        userErrors {
          field
          code
          message
        }
      }
      userErrors {
        field
        code
        message
      }
      card {
        id
        type
        revision
        open
        to
        summary
        adaptiveCard
        actions {
          verb
          title
        }
        provenance {
          organization {
            id
            name
          }
          system
          status
          asOf
        }
        withheld {
          path
          organization {
            id
            name
          }
          policy
        }
      }
    }
  }
`;

export const SAY = /* GraphQL */ `
  mutation Say($group: ID!, $text: String!, $key: String!) {
    postMessage(groupId: $group, text: $text, key: $key) {
      message {
        seq
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export const MARK_READ = /* GraphQL */ `
  mutation MarkRead($group: ID!, $seq: Int!) {
    result: markRead(groupId: $group, seq: $seq) {
      group {
        id
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export const GROUPS_IN_FULL = /* GraphQL */ `
  {
    groups {
      id
      name
      scenario
      members {
        person {
          id
        }
      }
      organizations {
        id
      }
      asked(open: true) {
        organization {
          id
        }
      }
    }
  }
`;

export const CREATE_GROUP = /* GraphQL */ `
  mutation Create($input: CreateGroupInput!) {
    result: createGroup(input: $input) {
      group {
        id
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export const ADD_MEMBER = /* GraphQL */ `
  mutation AddMember($group: ID!, $person: ID!, $role: String!) {
    result: addMember(groupId: $group, personId: $person, role: $role) {
      group {
        id
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export const ACCEPT_GRANTS = /* GraphQL */ `
  mutation AcceptGrants($group: ID!) {
    result: acceptGrants(groupId: $group, accept: { all: true }) {
      group {
        id
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export const INVITE = /* GraphQL */ `
  mutation Invite($group: ID!, $organization: ID!) {
    result: inviteOrganization(groupId: $group, organizationId: $organization) {
      invitation {
        id
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export const ACCEPT_INVITATION = /* GraphQL */ `
  mutation Accept($id: ID!, $members: [MemberInput!]!) {
    result: acceptInvitation(id: $id, members: $members, accept: { all: true }) {
      invitation {
        id
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export const ACCESS_LOG = /* GraphQL */ `
  query AccessLog($organization: ID!, $after: String) {
    accessLog(organization: $organization, after: $after, first: 500, order: OLDEST_FIRST) {
      lines {
        line
      }
      cursor
      more
    }
  }
`;

export const OUTCOME = /* GraphQL */ `
  query Outcome($group: ID!, $after: Int!) {
    group(id: $group) {
      feed(after: $after, first: 50) {
        seq
        ... on ActionChanged {
          action {
            id
            verb
            status
            cardId
            userErrors {
              field
              code
              message
            }
          }
        }
      }
    }
  }
`;

export const EXPLAIN_ACCESS = /* GraphQL */ `
  query ExplainAccess($field: String!, $groupId: ID, $personId: ID) {
    explainAccess(field: $field, groupId: $groupId, personId: $personId) {
      field
      visible
      role
      person {
        id
        name
      }
      needs {
        met
        because
        policies {
          policy
          grant {
            role
            grantedBy {
              id
              name
            }
            grantedAt
            until
          }
        }
      }
    }
  }
`;
