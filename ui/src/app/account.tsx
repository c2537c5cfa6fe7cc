import { Keyboard, LogOut } from 'lucide-react'
import { useNavigate } from 'react-router'

import { cx } from '@/components/class-names'
import { Menu, MenuItem, MenuText } from '@/components/menu'
import { initials } from '@/lib/format'
import { grantsText, isLimited, roleWords } from '@/lib/grants'
import { paths } from '@/lib/paths'
import { useMe, useSignOut } from '@/lib/use-me'

export function Account({ onKeyMap }: { onKeyMap: () => void }) {
  const me = useMe().data
  const signOut = useSignOut()
  const navigate = useNavigate()
  if (!me) return null
  const roles = roleWords(me.roles)
  const limited = me.roles.filter(isLimited)
  const leave = () => signOut.mutate(undefined, { onSuccess: () => void navigate(paths.login) })
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account of ${me.name}, ${roles}`}
          className={cx(
            'flex h-7.5 items-center gap-2 rounded-full border',
            'border-line pr-3 pl-1 hover:bg-raised max-md:border-0 max-md:p-0',
          )}
        >
          <span
            aria-hidden
            className={cx(
              'flex size-6 items-center justify-center',
              'rounded-full bg-accent-bg text-[10px] font-semibold text-accent',
            )}
          >
            {initials(me.name)}
          </span>
          <span className="font-medium max-md:hidden">{me.name}</span>
          <span className="text-mute max-md:hidden">{roles}</span>
        </button>
      }
    >
      <MenuText>Signed in with the key “{me.key.name}”</MenuText>
      {limited.length > 0 && <MenuText>You are {grantsText(me.roles)}</MenuText>}
      <MenuItem icon={<Keyboard aria-hidden size={16} />} onSelect={onKeyMap}>
        Keyboard shortcuts
      </MenuItem>
      <MenuItem icon={<LogOut aria-hidden size={16} />} onSelect={leave}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
